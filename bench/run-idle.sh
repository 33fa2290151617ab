#!/bin/bash
# From the submission call to the start of the work on an idle server, one at a time, 10 ms apart; against BullMQ's add call to start.
#   ./run-idle.sh [rounds]     -> results/idle.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions idle
WARM=${WARM:-60000}
for _ in $(seq "${1:-2}"); do
  quiet; gateway
  "$OPSLOAD" submit --url "$URL" --count "$WARM" --wait-ended > /dev/null  # compiles and optimises both servers' ways, not measured
  "$OPSLOAD" idle --label gateway --url "$URL" --count 500 --server-pid "$PIDS" | record idle; stop
  quiet; redis
  timeout 60 node --no-warnings peers/bullmq/bench.mjs --label bullmq --port "$PORT" --redis-pid "$PIDS" --sections add,idle --warm "$WARM" | record idle; stop
done
