# Sourced by the run-*.sh scripts: builds, starts and stops what is measured, and says on what it was measured.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")"
export BUILD=${BUILD:-${TMPDIR:-/tmp}/bench-build}
OPSLOAD="$BUILD/opsload/opsload"
mkdir -p results
ulimit -n 20000 2>/dev/null

build() { # everything, once per run-all.sh
  [ -n "${BENCH_BUILT:-}" ] && return
  for p in opsload sseload raw-kestrel report-cost; do dotnet build "$p" -c Release -o "$BUILD/$p" -v q --nologo || exit 1; done
  dotnet publish ../src/Api -c Release -o "$BUILD/gateway" -v q --nologo || exit 1
  [ -d peers/bullmq/node_modules ] || (cd peers/bullmq && npm install --no-audit --no-fund) || exit 1
  export BENCH_BUILT=1
}

stop() { [ -n "${DIR:-}" ] && "peers/$STOPPER" stop "$DIR"; DIR=""; }
trap 'stop; [ -n "${RAW:-}" ] && kill "$RAW"; [ -n "${WORK:-}" ] && rm -rf "$WORK"; exit' EXIT INT TERM

started() { eval "$2"; [ -n "${DIR:-}" ] || exit 1; STOPPER=$1; }
gateway() { started gateway.sh "$(peers/gateway.sh start "$@")"; }
redis() { started redis-bullmq.sh "$(peers/redis-bullmq.sh start "${1:-always}")"; }
raw_kestrel() { RAW_PORT=18090 "$BUILD/raw-kestrel/raw-kestrel" > /dev/null & RAW=$!; for _ in $(seq 50); do curl -fs -o /dev/null http://127.0.0.1:18090/poll && break; sleep 0.1; done; }
stop_raw() { kill "$RAW"; wait "$RAW" 2>/dev/null; RAW=""; }
temp() { WORK=$(mktemp -d "${TMPDIR:-/tmp}/bench-work.XXXXXX"); }

busy() { awk '/^cpu /{print $2+$3+$4+$7+$8}' /proc/stat; }
cpu() { local t=0; for p in ${1//,/ }; do t=$((t + $(sed 's/^.*) //' "/proc/$p/stat" | awk '{print $12+$13}'))); done; echo $t; }
quiet() { # waits (QUIET_LIMIT s, default 60) until other work has taken under a tenth of the machine for three seconds
  local calm=0 a
  for _ in $(seq "${QUIET_LIMIT:-60}"); do
    a=$(busy); sleep 1
    if [ $(($(busy) - a)) -lt $((10 * $(nproc))) ]; then calm=$((calm + 1)); else calm=0; fi
    [ $calm -eq 3 ] && return
  done; echo "  (machine not quiet, going on)" >&2; }

record() { # FILE: passes JSON lines on to results/FILE.jsonl and the terminal
  tee -a "results/$1.jsonl"; }

conditions() { # one line about the machine, at the head of every script's results
  local fsync; fsync=$("$OPSLOAD" fsync --dir "${TMPDIR:-/tmp}" | tr -d '{}')
  echo "{\"run\":\"$1\",\"at\":\"$(date -u +%FT%TZ)\",\"cpu\":\"$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1) x $(nproc)\",\"memory_gib\":$(awk '/MemTotal/{printf "%.0f", $2/1048576}' /proc/meminfo),\"kernel\":\"$(uname -r)\",\"fs\":\"$(df --output=fstype "${TMPDIR:-/tmp}" | tail -1)\",\"dotnet\":\"$(dotnet --version)\",\"node\":\"$(node --version)\",\"redis\":\"$(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/')\",$fsync}" | record conditions; }

wrk_json() { # LABEL URL PIDS [wrk arguments]: 10 s (SECS) of GETs over 64 connections, after a warm-up -> one JSON line
  local l=$1 u=$2 k=$3 a b a0 b0 w; shift 3
  wrk -t1 -c64 -d4s "$@" "$u" > /dev/null
  a=$(cpu "$k"); a0=$(busy)
  w=$( (TIMEFORMAT="wrk-cpu %U %S"; time wrk -t1 -c64 -d"${SECS:-10}s" --latency "$@" "$u") 2>&1)
  b=$(cpu "$k"); b0=$(busy)
  echo "$w" | awk -v l="$l" -v cpu=$((b - a)) -v all=$((b0 - a0)) '
    /^wrk-cpu/ { wrk = $2 + $3 }
    /requests in/ { n = $1; seconds = $4 + 0 }
    /50%/ { p50 = $2 } /99%/ { p99 = $2 } /Requests\/sec/ { rps = $2 } /Non-2xx/ { bad = $NF } /Socket errors/ { bad += 1 }
    END { printf "{\"label\":\"%s\",\"requests\":%d,\"per_s\":%.0f,\"p50\":\"%s\",\"p99\":\"%s\",\"bad\":%d,\"seconds\":%.2f,\"server_cpu_us_per_unit\":%.2f,\"client_cpu_us_per_unit\":%.2f,\"other_cpu_s\":%.2f}\n",
      l, n, rps, p50, p99, bad, seconds, cpu * 10000 / n, wrk * 1e6 / n, (all - cpu) / 100 - wrk }'
}
