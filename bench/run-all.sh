#!/bin/bash
# All measurements but those of push (run-push.sh), then the tables:  ./run-all.sh [rounds]
. "$(dirname "$0")/lib.sh"
build
for what in poll submit noop idle size memory webhooks; do echo "== $what" >&2; "./run-$what.sh" "${1:-2}" || echo "run-$what.sh failed" >&2; done
node table.mjs
