#!/usr/bin/env bash
# Roles through the command line: register, estimate, dispatch, reassign, batch, stats. roles.mjs does the same as a
# program and prints the same.
#
#   mkdir /tmp/roles && cd /tmp/roles && …/examples/roles/roles.sh
#
# Works in the folder it is called in: it makes a tracker there and writes dispatch.toml.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The value of an expression about the JSON on stdin, which is called `it`.
value() { node -e "const it = JSON.parse(require('node:fs').readFileSync(0, 'utf8')); console.log($1)"; }
create() { jit issue create --from-json - --json <"$here/$1"; }
id() { value "it.keys['$1']" <<<"$made"; }
settle() { until [[ $(jit-dispatch runs --json | value it.length) == 0 ]]; do jit-dispatch once >/dev/null; done; }

jit init >/dev/null
cp "$here/dispatch.toml" dispatch.toml
echo "registered $(jit-dispatch agents --json | value it.length) roles"
made=$(create tasks.json)

for task in task-001 task-002 task-003; do
  estimate=$(jit-dispatch estimate "$(id $task)" --json)
  value "\`$task: \${it.classification}, \${Math.round(it.confidence * 100)} % sure → \${it.recommended}\`" <<<"$estimate"
  jit-dispatch dispatch "$(id $task)" --token-budget 8000 --json | value "\`$task: started at \${it.outcomes[0].agent}\`"
done

jit-dispatch reassign "$(id task-001)" senior-dev --reason "a person should look" --json |
  value "\`task-001: \${it.outcome} to \${it.agent}\`"
settle
jit-dispatch history "$(id task-001)" --json | value "\`task-001: \${it.counts.reassignments} reassignment, \${it.state}\`"

made=$(create batch.json)
batch=$(for n in 0 1 2 3 4; do id batch-$n; done)
# shellcheck disable=SC2086 # one argument each
jit-dispatch dispatch $batch --token-budget 4000 --json | value \
  "\`batch: \${it.outcomes.filter((each) => each.state === 'started').length} of \${it.outcomes.length} at \${[...new Set(it.outcomes.map((each) => each.agent))]}\`"
settle
jit-dispatch stats --json | value \
  "\`stats: \${it.total} runs, \${it.completed} completed, \${it.failed} failed, \${it.reassigned} reassigned; human \${it.by_class.human.total}, ai \${it.by_class.ai.total}, hybrid \${it.by_class.hybrid.total}\`"
