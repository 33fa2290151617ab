#!/bin/bash
# Status GETs a second (wrk -t1 -c64) of a running and of an ended operation, against raw Kestrel with a fixed body.
#   ./run-poll.sh [rounds]     -> results/poll.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions poll
submit() { curl -fs -D - -o /dev/null -H 'Content-Type: application/json' -d "$1" "$URL/operations/demo.steps" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p'; }
for _ in $(seq "${1:-2}"); do
  quiet; raw_kestrel; wrk_json raw-kestrel http://127.0.0.1:18090/poll "$RAW" | record poll; stop_raw
  quiet; gateway --Polling:Mode=suggest
  RUNNING=$(submit '{"steps":100,"stepMs":20000}') ENDED=$(submit '{"steps":0,"stepMs":0}')
  curl -fs -o /dev/null -H 'Prefer: wait=10' "$ENDED"
  [ "$(curl -s -o /dev/null -w '%{http_code}' "$RUNNING") $(curl -s -o /dev/null -w '%{http_code}' "$ENDED")" = "202 200" ] || { echo "unexpected status" >&2; exit 1; }
  wrk_json gateway-running "$RUNNING" "$PIDS" | record poll
  wrk_json gateway-ended "$ENDED" "$PIDS" | record poll
  stop
done
