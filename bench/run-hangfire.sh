#!/bin/bash
# The Hangfire engine against plain Hangfire on the same storage (memory): operations and jobs that do nothing, from the first submission and with the
# queue filled first, and submission to start on an idle server. Needs Hangfire's packages.
#   ./run-hangfire.sh [rounds]     WORKERS=20 on both sides     -> results/hangfire.jsonl
. "$(dirname "$0")/lib.sh"
dotnet build opsload -c Release -o "$BUILD/opsload" -v q --nologo && dotnet build plain-hangfire -c Release -o "$BUILD/plain-hangfire" -v q --nologo \
  && dotnet publish ../src/Api -c Release -o "$BUILD/gateway-hangfire" -p:UseHangfire=true -v q --nologo || { echo "Hangfire's packages cannot be restored here." >&2; exit 1; }
conditions hangfire
COUNT=${COUNT:-20000} WARM=${WARM:-60000} WORKERS=${WORKERS:-20}
export GATEWAY=$BUILD/gateway-hangfire
for _ in $(seq "${1:-2}"); do
  quiet; gateway --Engine=hangfire --Execution:Workers="$WORKERS"
  "$OPSLOAD" noops --label hangfire-submitted --url "$URL" --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" | record hangfire
  "$OPSLOAD" idle --label hangfire-idle --url "$URL" --count 500 --server-pid "$PIDS" | record hangfire; stop
  quiet; gateway --Engine=hangfire --Execution:Workers="$WORKERS"
  "$OPSLOAD" noops --filled --label hangfire-filled --url "$URL" --count "$COUNT" --warmup "$WARM" --server-pid "$PIDS" | record hangfire; stop
  quiet; timeout 120 "$BUILD/plain-hangfire/plain-hangfire" --count "$COUNT" --warmup "$WARM" --workers "$WORKERS" | record hangfire
done
