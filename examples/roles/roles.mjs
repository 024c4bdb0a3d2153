// Roles as a program: register, estimate, dispatch, reassign, batch, stats. roles.sh does the same through the command
// line and prints the same.
//
//   mkdir /tmp/roles && cd /tmp/roles && node …/examples/roles/roles.mjs
//
// Works in the folder it is called in, where it makes a tracker; `jit` has to be on PATH.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createDispatcher } from 'jit-dispatch';

const jit = (...argv) => execFileSync('jit', argv, { encoding: 'utf8' });
const percent = (part) => Math.round(part * 100);

jit('init');
// Done at once; the reviewer works until it is stopped.
const atOnce = async () => {};
const untilStopped = (_task, { signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));

const dispatcher = createDispatcher({ name: 'roles', agents: [] });
const roles = [
  {
    id: 'ai-code-reviewer',
    role: 'reviewer',
    capabilities: ['code_review', 'security_analysis', 'performance_review'],
    skills: ['python', 'security'],
    run: untilStopped,
  },
  {
    id: 'senior-architect',
    role: 'architect',
    class: 'human',
    capabilities: ['architecture_review', 'decision_making', 'mentoring'],
    skills: ['architecture'],
    run: atOnce,
  },
  {
    id: 'devops-engineer',
    role: 'operator',
    class: 'hybrid',
    capabilities: ['deployment', 'monitoring', 'automation'],
    skills: ['kubernetes', 'aws'],
    run: atOnce,
  },
  {
    id: 'senior-dev',
    role: 'developer',
    class: 'human',
    capabilities: ['code_review'],
    run: atOnce,
  },
  {
    id: 'analyst',
    role: 'analyst',
    capabilities: ['analysis', 'reporting'],
    capacity: 5,
    run: atOnce,
  },
];
for (const role of roles) dispatcher.register(role);
console.log(`registered ${(await dispatcher.availableAgents()).length} roles`);

const create = (file) =>
  JSON.parse(
    execFileSync('jit', ['issue', 'create', '--from-json', '-', '--json'], {
      encoding: 'utf8',
      input: readFileSync(new URL(file, import.meta.url)),
    }),
  ).keys;
const tasks = create('tasks.json');
const settle = async () => {
  while ((await dispatcher.activeCount()) > 0) {
    await dispatcher.once();
    await pause(50);
  }
};

for (const [task, id] of Object.entries(tasks)) {
  const { classification, confidence, recommended } = await dispatcher.estimate(id);
  console.log(`${task}: ${classification}, ${percent(confidence)} % sure → ${recommended}`);
  const { agent } = await dispatcher.dispatch({ issue: id, tokenBudget: 8000 });
  console.log(`${task}: started at ${agent}`);
}

const order = await dispatcher.reassign(tasks['task-001'], 'senior-dev', {
  reason: 'a person should look',
});
console.log(`task-001: ${order.outcome} to ${order.agent}`);
await settle();
const { counts, state } = await dispatcher.history(tasks['task-001']);
console.log(`task-001: ${counts.reassignments} reassignment, ${state}`);

const batch = await dispatcher.dispatchBatch(
  Object.values(create('batch.json')).map((issue) => ({ issue, tokenBudget: 4000 })),
);
const agents = [...new Set(batch.successful.map(({ agent }) => agent))];
console.log(`batch: ${batch.successful.length} of ${batch.total} at ${agents}`);
await settle();

const { total, completed, failed, reassigned, by_class } = await dispatcher.stats();
console.log(
  `stats: ${total} runs, ${completed} completed, ${failed} failed, ${reassigned} reassigned; human ${by_class.human.total}, ai ${by_class.ai.total}, hybrid ${by_class.hybrid.total}`,
);
await dispatcher.close();
