#!/bin/bash
# Durable acceptances a second over 64 connections: only stored (delay=PT1H), and run at once; against BullMQ's awaited add at
# concurrency 50 on Redis with appendfsync always.
#   ./run-submit.sh [rounds]   -> results/submit.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions submit
# The warm-up is long because the runtime optimises in stages; at 20,000 requests it is still compiling.
COUNT=${COUNT:-40000} WARM=${WARM:-60000}
for _ in $(seq "${1:-2}"); do
  quiet; gateway
  "$OPSLOAD" submit --label gateway-stored --url "$URL" --query '?delay=PT1H' --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" | record submit; stop
  quiet; gateway
  "$OPSLOAD" submit --label gateway-run --url "$URL" --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" --wait-ended --limit 120 | record submit; stop
  quiet; redis
  timeout 120 node --no-warnings peers/bullmq/bench.mjs --label bullmq --port "$PORT" --redis-pid "$PIDS" --sections add --scale "$((COUNT / 20000))" --warm "$WARM" | record submit; stop
done
