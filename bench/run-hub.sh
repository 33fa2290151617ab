#!/bin/bash
# What a delivery over the SignalR hub costs the server, against server-sent events: CONNECTIONS (200) watchers of one operation at RATE (50) changes a second.
#   ./run-hub.sh [rounds]     -> results/hub.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions hub
C=${CONNECTIONS:-200} R=${RATE:-50} SECS=${SECS:-12}
steps() { # seconds -> the URI of an operation that reports for so long, and begins in two
  curl -fs -D - -o /dev/null -H 'Content-Type: application/json' -d "{\"steps\":$((R * $1)),\"stepMs\":$(awk "BEGIN{print 1000/$R}"),\"stamp\":true}" "$URL/operations/demo.steps?delay=PT2S" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p'; }
for _ in $(seq "${1:-2}"); do
  quiet; gateway
  node hub.mjs warm-up "$(steps 12)" "$C" 6 "$PIDS" > /dev/null
  node hub.mjs hub "$(steps $((SECS + 8)))" "$C" "$SECS" "$PIDS" | record hub
  "$BUILD/sseload/sseload" subscribe --sub-url "$(steps 8)" --connections "$C" --seconds 6 --rate "$R" > /dev/null
  "$BUILD/sseload/sseload" subscribe --label sse --sub-url "$(steps $((SECS + 5)))" --connections "$C" --rate "$R" --seconds "$SECS" --warmup 3 --server-pid "$PIDS" --inflight 64 --expect-events $((R * (SECS + 5))) | record hub
  stop
done
