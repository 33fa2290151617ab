#!/bin/bash
# What Report() costs the handler that calls it without pause, with nobody watching and with WATCHERS.
#   ./run-report.sh [rounds]     -> results/report.jsonl     COUNT=reports
. "$(dirname "$0")/lib.sh"
build; conditions report
for _ in $(seq "${1:-2}"); do for watchers in ${WATCHERS:-0 1 100}; do
  quiet; "$BUILD/report-cost/report-cost" --count "${COUNT:-20000000}" --watchers "$watchers" | record report
done; done
