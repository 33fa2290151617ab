#!/bin/bash
# Memory of a watcher to whom nothing happens: resident memory of the server with CONNECTIONS (default 4000) open event streams, less what it had
# before, each. A few streams are opened and closed first, so that code and pools are not counted.
#   ./run-watchers.sh [rounds]     -> results/watchers.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions watchers
CONNECTIONS=${CONNECTIONS:-4000} SSELOAD="$BUILD/sseload/sseload"
watch() { # LABEL URL PIDS
  "$SSELOAD" subscribe --sub-url "$2" --connections 50 --seconds 1 --settle 1 > /dev/null
  "$SSELOAD" subscribe --label "$1" --sub-url "$2" --connections "$CONNECTIONS" --seconds 1 --settle 3 --inflight 64 --server-pid "$3" | record watchers; }
for _ in $(seq "${1:-2}"); do
  quiet; gateway
  watch gateway "$(curl -fs -D - -o /dev/null -H 'Content-Type: application/json' -d '{"steps":1,"stepMs":0}' "$URL/operations/demo.steps?delay=PT1H" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')" "$PIDS"
  watch gateway-feed "$URL/operations" "$PIDS"; stop
  quiet; raw_kestrel; watch raw-kestrel http://127.0.0.1:18090/sse "$RAW"; stop_raw
  quiet; started nchan.sh "$(peers/nchan.sh start)"; watch nchan "$SUB_URL" "$PIDS"; stop
done
