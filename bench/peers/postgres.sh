#!/bin/bash
# Starts a PostgreSQL of this machine's packages on loopback, with its data in a temporary folder on disk and fsync on.
#   peers/postgres.sh start   -> prints KEY=value lines (PID, PORT, DATABASE, DIR)
#   peers/postgres.sh stop DIR
set -eu
PORT=${POSTGRES_PORT:-18073}
BIN=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
case "${1:-}" in
start)
  D=$(mktemp -d "${TMPDIR:-/tmp}/bench-postgres.XXXXXX")
  [ "$(id -u)" = 0 ] && chown postgres "$D"
  as_user "$BIN/initdb" --pgdata "$D/data" --auth trust --username realtimeops --encoding UTF8 --locale C.UTF-8 > "$D.log" 2>&1
  as_user "$BIN/postgres" -D "$D/data" -p "$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c max_wal_size=4GB > "$D.log" 2>&1 < /dev/null &
  for _ in $(seq 100); do "$BIN/pg_isready" -q -h 127.0.0.1 -p "$PORT" && break; sleep 0.1; done
  echo "PG=$(head -1 "$D/data/postmaster.pid")"; echo "PGPORT=$PORT"; echo "DATABASE='Host=127.0.0.1;Port=$PORT;Username=realtimeops;Database=postgres'"; echo "PGDIR=$D";;
stop)
  D=$2; P=$(head -1 "$D/data/postmaster.pid"); kill -INT "$P"
  for _ in $(seq 100); do kill -0 "$P" 2>/dev/null || break; sleep 0.1; done
  case "$D" in */bench-postgres.*) rm -rf "$D" "$D.log";; esac;;
*) sed -n 2,4p "$0"; exit 2;;
esac
