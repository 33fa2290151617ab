#!/bin/bash
# Webhook deliveries a second to a receiver on this machine (raw Kestrel that only counts): from a subscription that resumes with COUNT messages kept
# for it, and from the first submission to the last delivery. Then the rate of submissions with PENDING messages for a target that refuses every
# connection, against one with as many operations and no messages.
#   ./run-webhooks.sh [rounds]   -> results/webhooks.jsonl
. "$(dirname "$0")/lib.sh"
build; conditions webhooks
COUNT=${COUNT:-20000} WARM=${WARM:-20000} PENDING=${PENDING:-100000}
ALLOW="--Webhooks:AllowedTargets:0=127.0.0.1"
HOOK=http://127.0.0.1:18090/hook DEAD=http://127.0.0.1:9/
now() { date +%s%N; }
hooks() { curl -fs http://127.0.0.1:18090/hooks; }
until_hooks() { for _ in $(seq 6000); do [ "$(hooks)" -ge "$1" ] && return; sleep 0.02; done; echo "only $(hooks) of $1 messages came" >&2; exit 1; }
json() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
rate() { # LABEL FROM-NS FROM-CPU: what was delivered since, as one JSON line
  local to=$(now) c=$(cpu "$PIDS")
  echo "{\"label\":\"$1\",\"count\":$COUNT,\"per_s\":$((COUNT * 1000000000 / (to - $2))),\"seconds\":$(((to - $2) / 1000000))e-3,\"server_cpu_us_per_unit\":$(((c - $3) * 10000 / COUNT)),\"receiver_cpu_us_per_unit\":$((($(cpu "$RAW") - R0) * 10000 / COUNT)),\"other_cpu_s\":$(awk -v all=$(($(busy) - B0)) -v own=$((c - $3 + $(cpu "$RAW") - R0)) 'BEGIN { printf "%.2f", (all - own) / 100 }')}" | record webhooks; }
hooked() { echo "{\"steps\":0,\"stepMs\":0,\"webhook\":\"$1\"}"; }

for _ in $(seq "${1:-2}"); do
  quiet; raw_kestrel; gateway "$ALLOW"
  "$OPSLOAD" submit --url "$URL" --body "$(hooked $HOOK)" --count "$WARM" --wait-ended > /dev/null; until_hooks "$WARM"
  H0=$(hooks) R0=$(cpu "$RAW") B0=$(busy) T0=$(now) C0=$(cpu "$PIDS")
  "$OPSLOAD" submit --url "$URL" --body "$(hooked $HOOK)" --count "$COUNT" > /dev/null; until_hooks $((H0 + COUNT))
  rate submitted "$T0" "$C0"
  S=$(curl -fs "$URL/subscriptions" -H 'Content-Type: application/json' -d "{\"webhook\":\"$HOOK\"}" | json uri)
  curl -fs -o /dev/null -X POST "$S/pause"
  "$OPSLOAD" submit --url "$URL" --count "$COUNT" --wait-ended > /dev/null
  H0=$(hooks) R0=$(cpu "$RAW") B0=$(busy) T0=$(now) C0=$(cpu "$PIDS")
  curl -fs -o /dev/null -X POST "$S/resume"; until_hooks $((H0 + COUNT))
  rate resumed "$T0" "$C0"
  stop; stop_raw
  for label in none dead; do
    quiet; gateway "$ALLOW"
    body='{"steps":0,"stepMs":0}'; [ $label = dead ] && body=$(hooked $DEAD)
    "$OPSLOAD" submit --url "$URL" --body "$body" --count "$PENDING" --wait-ended --limit 120 > /dev/null
    sleep 5; quiet
    "$OPSLOAD" submit --label "submit-$label" --url "$URL" --query '?delay=PT1H' --count "${SUBMIT:-60000}" --warmup "$WARM" --server-pid "$PIDS" | record webhooks
    [ $label = dead ] && curl -fs "$URL/deliveries?state=pending&pageSize=1" | grep -q pending || [ $label = none ] || echo "nothing is pending" >&2
    stop
  done
done
