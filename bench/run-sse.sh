#!/bin/bash
# The SSE fan-out matrix: each peer is started fresh, measured, and stopped; peers alternate inside a round.
#   ./run-sse.sh [rounds] [peer ...]   peers: gateway raw-kestrel raw-kestrel-socket nchan nchan-1worker   -> results/sse.jsonl
#   SPECS="connections:events-a-second ..."  SECS=seconds
# raw-kestrel and nchan are fed by an open-loop publisher and stamped with the time an event was due; the gateway is fed by one
# demo.steps operation, which stamps the moment of the step. It may merge snapshots: "lost" then counts what was merged. "ends lost" counts the
# connections that never got the final snapshot; of the others, those that never got the last event.
. "$(dirname "$0")/lib.sh"
build
ROUNDS=${1:-2}; shift || true
PEERS=${*:-gateway raw-kestrel nchan}
SPECS=${SPECS:-"1000:10 1000:50 4000:5"}; SECS=${SECS:-15}; WARMUP=3
SSELOAD="$BUILD/sseload/sseload"
conditions sse

say() { tee -a results/sse.jsonl |
  node -e 'const r=JSON.parse(require("fs").readFileSync(0));console.log([r.label,r.connected+"/"+r.connections,r.rate+"/s","lost "+r.lost,"ends lost "+r.ends_lost,"p50 "+r.p50_ms,"p99 "+r.p99_ms,"max "+r.max_ms,"us/d "+r.cpu_us_per_delivery,"KiB/c "+r.pss_per_connection_after_kib,"other "+r.other_cpu_s].join("  "))'; }
publish() { # label connections rate subscribe-url publish-url pids extra...
  local l=$1 c=$2 r=$3 s=$4 p=$5 k=$6; shift 6
  "$SSELOAD" subscribe-publish --label "$l" --sub-url "$s" --publish-url "$p" --publish-method POST --connections "$c" --rate "$r" \
    --seconds "$SECS" --warmup $WARMUP --payload-bytes 200 --server-pid "$k" --inflight "${INFLIGHT:-64}" "$@" | say; }
steps() { # events-a-second seconds delay -> the URI of an operation that reports that often, and begins after the delay
  curl -fs -D - -o /dev/null -H 'Content-Type: application/json' -d "{\"steps\":$(($1 * $2)),\"stepMs\":$(awk "BEGIN{print 1000/$1}"),\"stamp\":true}" \
    "$URL/operations/demo.steps?delay=PT$3S" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p'; }

for _ in $(seq "$ROUNDS"); do for spec in $SPECS; do
  C=${spec%:*}; R=${spec#*:}
  for peer in $PEERS; do
    quiet
    case $peer in
    gateway)
      gateway
      # a short run first: the JIT must not be measured
      "$SSELOAD" subscribe --sub-url "$(steps 40 3 1)" --connections "${PREWARM_CONNS:-500}" --seconds 5 --rate 40 > /dev/null
      "$SSELOAD" subscribe --label gateway --sub-url "$(steps "$R" $((SECS + WARMUP)) 4)" --connections "$C" --rate "$R" --seconds "$SECS" --warmup $WARMUP \
        --server-pid "$PIDS" --inflight "${INFLIGHT:-64}" --end-marker '"progress":100' --expect-events $((R * (SECS + WARMUP))) | say
      stop;;
    raw-kestrel|raw-kestrel-socket)
      MODE=pipe; [ $peer = raw-kestrel-socket ] && MODE=socket
      RAW_MODE=$MODE raw_kestrel
      "$SSELOAD" subscribe-publish --sub-url http://127.0.0.1:18090/sse --publish-url http://127.0.0.1:18090/publish --connections "${PREWARM_CONNS:-500}" --rate 40 --seconds 2 --warmup 0 > /dev/null; sleep 1
      publish $peer "$C" "$R" http://127.0.0.1:18090/sse http://127.0.0.1:18090/publish "$RAW"
      stop_raw;;
    nchan|nchan-1worker)
      WORKERS=auto; [ $peer = nchan-1worker ] && WORKERS=1
      started nchan.sh "$(peers/nchan.sh start $WORKERS)"
      publish $peer "$C" "$R" "$SUB_URL" "$PUB_URL" "$PIDS" --publish-header 'Content-Type: text/plain'
      stop;;
    esac
  done
done; done
