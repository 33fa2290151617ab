#!/bin/bash
# Operations that do nothing, to their durable end: from the first submission (64 connections), and with the queue filled first;
# against BullMQ's no-op jobs in the same two settings (appendfsync always).
#   ./run-noop.sh [rounds]     -> results/noop.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions noop
COUNT=${COUNT:-20000} WARM=${WARM:-60000}
for _ in $(seq "${1:-2}"); do
  quiet; gateway
  "$OPSLOAD" noops --label gateway-submitted --url "$URL" --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" | record noop; stop
  quiet; gateway
  "$OPSLOAD" noops --filled --label gateway-filled --url "$URL" --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" | record noop; stop
  quiet; redis
  timeout 120 node --no-warnings peers/bullmq/bench.mjs --label bullmq --port "$PORT" --redis-pid "$PIDS" --sections noop,submit --warm "$WARM" | record noop; stop
done
