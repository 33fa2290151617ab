#!/bin/bash
# Several gateways over one PostgreSQL, all on this machine: what an operation that does nothing costs all processes together, from its submission to its durable end; what a delivery
# to a watcher on another node costs, and how old it is when it arrives; and what an operation leaves in the write-ahead log.
#   ./run-nodes.sh [rounds] [node counts ...]     -> results/nodes.jsonl        default: 2 rounds of 1 2 3
. "$(dirname "$0")/lib.sh"
ROUNDS=${1:-2}; shift || true
COUNT=${COUNT:-6000} WARM=${WARM:-6000} CONNECTIONS=${CONNECTIONS:-300} RATE=${RATE:-20} SECS=${SECS:-15}
SSELOAD="$BUILD/sseload/sseload" FIRST=18074
if [ -z "${BENCH_BUILT:-}" ]; then
  for p in opsload sseload; do dotnet build "$p" -c Release -o "$BUILD/$p" -v q --nologo || exit 1; done
  dotnet publish ../src/Api -c Release -o "$BUILD/gateway" -v q --nologo || exit 1
fi
conditions nodes

all() { echo "$GATEWAYS,$(pgrep -d, -P "$PG"),$PG"; }        # every process that takes part
ask() { psql -qtAX -h 127.0.0.1 -p "$PGPORT" -U realtimeops postgres -c "$1"; }
url() { echo "http://127.0.0.1:$((FIRST + $1 - 1))"; }
begin() { # NODES
  eval "$(peers/postgres.sh start)"; DIRS="" GATEWAYS=""
  for n in $(seq "$1"); do
    eval "$(GATEWAY_PORT=$((FIRST + n - 1)) peers/gateway.sh start --Engine=inprocess --Storage:Provider=postgres --ConnectionStrings:RealtimeOps="$DATABASE" --Polling:Mode=suggest --Execution:Workers=100)"
    DIRS="$DIRS $DIR" GATEWAYS="$GATEWAYS${GATEWAYS:+,}$PIDS"; DIR=""
  done; }
end() { for d in ${DIRS:-}; do peers/gateway.sh stop "$d"; done; DIRS=""; [ -n "${PGDIR:-}" ] && peers/postgres.sh stop "$PGDIR"; PGDIR=""; }
trap 'end; exit' EXIT INT TERM

load() { # NODES COUNT: submissions to all nodes at once, until all have ended
  local jobs=""
  for n in $(seq "$1"); do "$OPSLOAD" noops --url "$(url "$n")" --count $(($2 / $1)) --warmup 0 --connections $((64 / $1)) > /dev/null & jobs="$jobs $!"; done
  wait $jobs; }
noops() { # NODES
  local a b t0 t1 wal0 wal1
  load "$1" "$WARM"
  wal0=$(ask "SELECT pg_current_wal_lsn() - '0/0'"); a=$(cpu "$(all)"); g0=$(cpu "$GATEWAYS"); t0=$(date +%s%N)
  load "$1" "$COUNT"
  t1=$(date +%s%N); b=$(cpu "$(all)"); g1=$(cpu "$GATEWAYS"); wal1=$(ask "SELECT pg_current_wal_lsn() - '0/0'")
  awk -v n="$1" -v c="$COUNT" -v cpu=$((b - a)) -v gcpu=$((g1 - g0)) -v ns=$((t1 - t0)) -v wal=$((wal1 - wal0)) \
    'BEGIN{printf "{\"label\":\"noop\",\"nodes\":%d,\"count\":%d,\"per_s\":%.0f,\"cpu_us_per_operation\":%.0f,\"gateway_cpu_us_per_operation\":%.0f,\"wal_bytes_per_operation\":%.0f}\n", n, c, c*1e9/ns, cpu*10000/c, gcpu*10000/c, wal/c}'; }
watch() { # NODE LABEL: one operation runs on the first node, all watch it on NODE
  local uri; uri=$(curl -fs -D - -o /dev/null -H 'Content-Type: application/json' -d "{\"steps\":$((RATE * (SECS + 3))),\"stepMs\":$((1000 / RATE)),\"stamp\":true}" "$(url 1)/operations/demo.steps?delay=PT3S" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  "$SSELOAD" subscribe --label "$2" --sub-url "$(echo "$uri" | sed "s|http://[^/]*|$(url "$1")|")" --connections "$CONNECTIONS" --rate "$RATE" --seconds "$SECS" --warmup 3 \
    --server-pid "$(all)" --end-marker '"progress":100' --expect-events $((RATE * (SECS + 3))); }

for _ in $(seq "$ROUNDS"); do for nodes in ${*:-1 2 3}; do
  quiet; begin "$nodes"
  noops "$nodes" | record nodes
  watch 1 "same-node-of-$nodes" | record nodes
  [ "$nodes" -gt 1 ] && watch "$nodes" "other-node-of-$nodes" | record nodes
  end
done; done
