#!/bin/bash
# Does the store's size cost? Poll and submission with 1,000 and with 1,000,000 ended operations in the store. The big store is
# filled once, over HTTP; MANY and FEW change the sizes. "poll" goes in turn through 10,000 operations at most, which the gateway
# keeps in memory; "poll-cold" through 100,000, each of which has to be read from the store.
#   ./run-size.sh [rounds]     -> results/size.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions size; temp
MANY=${MANY:-1000000} FEW=${FEW:-1000} COUNT=${COUNT:-20000}
fill() { # NAME COUNT
  DATA="$WORK/$1" gateway
  "$OPSLOAD" submit --label "fill-$1" --url "$URL" --body '{"steps":0,"stepMs":0}' --count "$2" --ids-file "$WORK/$1.ids" --ids-every $(($2 > 100000 ? $2 / 100000 : 1)) \
    --server-pid "$PIDS" --wait-ended --limit 900 | record size
  stop; }
fill few "$FEW"; fill many "$MANY"
for _ in $(seq "${1:-2}"); do for size in few many; do
  # Each round works on a copy, so that the submissions of one do not count in the next.
  rm -rf "$WORK/data"; cp -r "$WORK/$size" "$WORK/data"; sync
  quiet; DATA="$WORK/data" gateway
  echo "{\"label\":\"$size-start\",\"ready_ms\":$READY_MS,\"store_mib\":$(du -sm "$WORK/data" | cut -f1)}" | record size
  stop
  # All code optimised from the start: a warm-up by thousands of submissions would make a small store a large one.
  export DOTNET_TieredCompilation=0 DOTNET_ReadyToRun=0
  quiet; DATA="$WORK/data" gateway --Polling:Mode=suggest
  unset DOTNET_TieredCompilation DOTNET_ReadyToRun
  IDS="$WORK/$size.ids" EVERY=$([ $size = few ] && echo 1 || echo 10) wrk_json "$size-poll" "$URL" "$PIDS" -s poll-ids.lua | record size
  [ $size = many ] && IDS="$WORK/$size.ids" EVERY=1 wrk_json "$size-poll-cold" "$URL" "$PIDS" -s poll-ids.lua | record size
  "$OPSLOAD" submit --label "$size-submit" --url "$URL" --query '?delay=PT1H' --count "$COUNT" --warmup 2000 --server-pid "$PIDS" | record size
  echo "{\"label\":\"$size-memory\",\"peak_mib\":$(awk '/VmHWM/{printf "%.0f", $2/1024}' "/proc/$PIDS/status")}" | record size
  stop
done; done
