#!/bin/sh
# The smallest agent: shows its issue, works for a moment, reports it as done.
# Whoever starts it sets JIT_ISSUE_ID and JIT_CLAIM; `jit` takes the token from there.
set -eu

: "${JIT_ISSUE_ID:?set it to the issue to work on}"
echo "agent ${JIT_AGENT_ID:-nobody} works on $JIT_ISSUE_ID"
jit issue show "$JIT_ISSUE_ID"

sleep "${WORK_SECS:-0}" # your work goes here

# Exit 4: it is not done yet, usually because an exit gate is open. The gates decide from here on.
jit issue update "$JIT_ISSUE_ID" --state done || [ $? -eq 4 ]
