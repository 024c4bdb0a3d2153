#!/usr/bin/env bash
# Takes ready issues one after the other and runs a command for each of them, several at a time.
#
#   bash-orchestrator.sh [--once] NAME CAPACITY COMMAND [ARGUMENT…]
#   bash-orchestrator.sh worker 3 ./agents/echo-agent.sh
#
# NAME claims the issues. Start as many of these loops as you like, on one repository, with the same
# name or with others: `claim-next` gives every issue to exactly one of them.
# --once ends when nothing is ready and nothing runs; otherwise it looks again every $POLL seconds.
# COMMAND gets JIT_ISSUE_ID, JIT_CLAIM (the token of the claim) and JIT_AGENT_ID. If it exits with 0,
# the issue becomes done; if not, the issue is given back and rests for $REST seconds.
# Ctrl-C (or SIGTERM): takes nothing more and ends when all that runs has ended.
set -euo pipefail

once=false
if [[ ${1-} == --once ]]; then once=true && shift; fi
if (($# < 3)) || [[ ! $2 =~ ^[1-9][0-9]*$ ]]; then # CAPACITY is a number from 1 on
  sed -n '4,5s/^# *//p' "$0" >&2 && exit 2
fi
name=$1 capacity=$2 poll=${POLL:-5} ttl=${TTL:-600} rest=${REST:-60}
shift 2
unset JIT_CLAIM JIT_ISSUE_ID

field() { node -p "JSON.parse(require('node:fs').readFileSync(0, 'utf8')).$1" <<<"$2"; }
running() { jobs -rp | wc -l; }

# One issue from claim to end. The lease is renewed here; exit 7 means that somebody else has it now.
work() {
  local id=$1 agent status=0 renewed=$SECONDS lost=false
  export JIT_ISSUE_ID=$id JIT_CLAIM=$2 JIT_AGENT_ID=$name
  "${@:3}" &
  agent=$!
  while [[ -n $(jobs -rp) ]]; do
    sleep 0.2
    ((SECONDS - renewed >= ttl / 3)) || continue
    renewed=$SECONDS
    jit issue heartbeat "$id" >/dev/null || { (($? == 7)) && lost=true && kill "$agent"; } || true
  done
  wait "$agent" || status=$?
  if $lost; then
    echo "$id: lost to somebody else" >&2
  elif ((status != 0)); then
    jit issue release "$id" "$name: exit code $status" --failed agent --defer "$rest"
  else # Refused while an exit gate is open: then the gates decide, and the claim is given back.
    jit issue update "$id" --state done || jit issue release "$id" "$name: waits for its gates"
  fi
}

loop() {
  local busy status claimed=''
  trap 'capacity=0 once=true' TERM # takes nothing more, waits for what runs
  while true; do
    kill -0 $$ 2>/dev/null || capacity=0 once=true # the shell that started this loop was killed
    busy=$(running)
    if ((capacity > 0 && busy >= capacity)); then sleep 0.2 && continue; fi
    status=idle
    if ((capacity > 0)); then
      claimed=$(jit issue claim-next "$name" --ttl "$ttl" --json) && status=0 || status=$?
      # 3 is also the answer where there is no .jit: only this code means "later".
      if [[ $status == 3 && $claimed == *'"code":"NOTHING_READY"'* ]]; then status=idle; fi
    fi
    case $status in
      0) work "$(field id "$claimed")" "$(field claim.token "$claimed")" "$@" & ;;
      idle) # nothing is ready; what runs may make something ready
        if ((busy > 0)); then sleep 0.2; elif $once; then break; else sleep "$poll"; fi ;;
      75) sleep 1 ;; # the tracker was busy: try again
      *) echo "$claimed" >&2 && wait && exit "$status" ;;
    esac
  done
}

# The loop gets a process group of its own (set -m). So Ctrl-C reaches only this shell, and no agent and
# no `jit` in the middle of its work.
set -m
loop "$@" </dev/null &
loop=$!
set +m
trap 'kill "$loop" 2>/dev/null || true' INT TERM
while kill -0 "$loop" 2>/dev/null; do sleep 0.2 || true; done
wait "$loop"
