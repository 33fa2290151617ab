#!/bin/bash
# A 1 GB CSV (BYTES) through csv.profile: peak resident memory of the server, time of upload and of the work.
#   ./run-memory.sh [rounds]   -> results/memory.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions memory; temp
hwm() { awk '/VmHWM/{printf "%.0f", $2/1024}' "/proc/$PIDS/status"; }
"$OPSLOAD" csv --label file --bytes "${BYTES:-1000000000}" --out "$WORK/big.csv" | record memory
for _ in $(seq "${1:-1}"); do
  quiet; gateway; IDLE=$(hwm); A=$(cpu "$PIDS")
  UPLOAD=$(curl -fs -X POST -T "$WORK/big.csv" -H 'Content-Type: text/csv' -H 'Expect:' -D "$WORK/head" -o /dev/null -w '%{time_total}' "$URL/operations/csv.profile") || { echo "upload refused: $(cat "$WORK/head")" >&2; exit 1; }
  UPLOADED=$(hwm) URI=$(tr -d '\r' < "$WORK/head" | sed -n 's/^[Ll]ocation: //p')
  for _ in $(seq 30); do curl -s -H 'Prefer: wait=20' "$URI" > "$WORK/status"; grep -q '"progress":100' "$WORK/status" && break; done
  PEAK=$(hwm) B=$(cpu "$PIDS")
  curl -fs "$URI/result" > "$WORK/result"
  node -e '
    const [upload, idle, uploaded, peak, cpu, dir] = process.argv.slice(1), read = f => JSON.parse(require("fs").readFileSync(dir + "/" + f)), s = read("status"), r = read("result");
    console.log(JSON.stringify({ label: "gateway", status: s.status, upload_s: +upload, profile_s: (Date.parse(s.endedAt) - Date.parse(s.startedAt)) / 1e3, server_cpu_s: cpu / 100,
      idle_mib: +idle, peak_after_upload_mib: +uploaded, peak_mib: +peak, rows: r.rows, bad_rows: r.badRows.count, columns: r.columns.length }));
  ' "$UPLOAD" "$IDLE" "$UPLOADED" "$PEAK" "$((B - A))" "$WORK" | record memory
  stop
done
