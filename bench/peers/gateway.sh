#!/bin/bash
# Starts the published gateway on loopback with its store in a temporary folder on disk.
#   peers/gateway.sh start [--Section:Key=value ...]   -> prints KEY=value lines (PIDS, PORT, URL, DIR, READY_MS)
#   peers/gateway.sh stop DIR          DATA=FOLDER keeps the store there, across starts
set -eu
PORT=${GATEWAY_PORT:-18070}
BUILD=${BUILD:-${TMPDIR:-/tmp}/bench-build}
case "${1:-}" in
start)
  shift
  (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && { echo "port $PORT is in use" >&2; exit 1; }
  D=$(mktemp -d "${TMPDIR:-/tmp}/bench-gateway.XXXXXX"); DATA=${DATA:-$D/data}; mkdir -p "$DATA"
  T0=$(date +%s%3N)
  cd "${GATEWAY:-$BUILD/gateway}"
  setsid dotnet RealtimeOps.Api.dll --urls "http://127.0.0.1:$PORT" --Data:Path="$DATA" "$@" > "$D/log" 2>&1 < /dev/null & P=$!
  echo "$P" > "$D/pid"
  for _ in $(seq 1200); do curl -fs -o /dev/null "http://127.0.0.1:$PORT/health/ready" && break; kill -0 "$P" 2>/dev/null || break; sleep 0.1; done
  curl -fs -o /dev/null "http://127.0.0.1:$PORT/health/ready" || { echo "the gateway does not start:" >&2; tail -20 "$D/log" >&2; kill "$P" 2>/dev/null || true; exit 1; }
  echo "PEER=gateway"; echo "PORT=$PORT"; echo "URL=http://127.0.0.1:$PORT"; echo "DIR=$D"; echo "PIDS=$P"; echo "READY_MS=$(($(date +%s%3N) - T0))";;
stop)
  D=$2; P=$(cat "$D/pid")
  kill -TERM "$P" 2>/dev/null || { echo "the gateway died during the measurement:" >&2; tail -30 "$D/log" >&2; }
  for _ in $(seq 300); do kill -0 "$P" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$P" 2>/dev/null || true
  case "$D" in */bench-gateway.*) rm -rf "$D";; esac;;
*) sed -n 2,4p "$0"; exit 2;;
esac
