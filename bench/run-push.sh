#!/bin/bash
# Everything about push in one go, then the tables: the fan-out matrix of gateway, raw Kestrel and nchan, the memory of idle watchers, the cost of Report().
#   ./run-push.sh [rounds]
. "$(dirname "$0")/lib.sh"
build
for what in sse watchers report; do echo "== $what" >&2; "./run-$what.sh" "${1:-2}" || echo "run-$what.sh failed" >&2; done
node table.mjs
