import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';

const HEAD = 'poll_interval_secs = 1\nstop_grace_secs = 1\n';
const boss = '[[agents]]\nid = "boss"\ncommand = "./boss"\nprompt = "file"\ntags = ["plan"]\n';
const worker = '[[agents]]\nid = "worker"\ncommand = "./worker"\ncapacity = 2\ntags = ["work"]\n';

/** Hands a part over: its title is the first argument. */
const PART = `part() {
  id=$(jit issue create -t "$1" -l work --json | cut -d'"' -f4)
  jit dep add "$JIT_ISSUE_ID" "$id"
}
`;
const DONE = 'jit issue update "$JIT_ISSUE_ID" --state done\n';
const SPLITS = `#!/bin/sh\n${PART}
if grep -q "Other work" "$JIT_PROMPT_FILE"; then ${DONE} exit; fi
if [ ! -e split ]; then touch split; part "Part one"; part "Part two"; exit 0; fi
cp "$JIT_PROMPT_FILE" last-prompt
${DONE}`;
const WORKS = `#!/bin/sh
while [ ! -e go ]; do sleep 0.1; done
jit issue comment "$JIT_ISSUE_ID" --text "the answer of $JIT_ISSUE_ID is 42"
${DONE}`;

const runsOf = async (repository: Repository, issue: string) =>
  (await repository.runs('--all')).filter((run) => run.issue === issue).reverse();

test('a supervisor hands two parts over, its slot is used meanwhile, and it ends with their results', async () => {
  const repository = await createRepository();
  repository.script('boss', SPLITS);
  repository.script('worker', WORKS);
  repository.configure(`${HEAD}${boss}${worker}`);
  const main = await repository.create('Build it', '-l', 'plan', '-p', 'critical');
  repository.start();
  const handedOver = await until('handed over', async () =>
    (await runsOf(repository, main)).find((run) => run.ended_at !== null),
  );
  expect(handedOver).toMatchObject({
    state: 'completed',
    reason: 'handed_over',
    failed: null,
    exit_code: 0,
  });
  const { dependencies: parts } = await repository.jit<{ dependencies: string[] }>([
    'issue',
    'show',
    main,
  ]);
  expect(parts).toHaveLength(2);
  for (const part of parts) expect(handedOver.detail).toContain(part);
  // Its only slot is free: nobody holds the issue, which waits for its parts.
  const other = await repository.create('Other work');
  await repository.jit(['issue', 'assign', other, 'boss']);
  await until('the other is done', async () => (await repository.issue(other)).state === 'done');
  expect(await repository.issue(main)).toMatchObject({
    state: 'open',
    claim: null,
    assignee: null,
  });
  expect(await runsOf(repository, main)).toHaveLength(1);

  writeFileSync(join(repository.root, 'go'), '');
  await until('all of it is done', async () => (await repository.issue(main)).state === 'done');
  const [, last] = await until('two runs of it have ended', async () => {
    const runs = await runsOf(repository, main);
    return runs.length === 2 && runs.every((run) => run.ended_at !== null) ? runs : null;
  });
  expect(last).toMatchObject({ agent: 'boss', state: 'completed', reason: 'issue_done' });
  const prompt = readFileSync(join(repository.root, 'last-prompt'), 'utf8');
  for (const part of parts) expect(prompt).toContain(`the answer of ${part} is 42`);
  expect(prompt.match(/a part of this issue that was handed over/g)).toHaveLength(2);
  const [released, ...more] = await repository.jit<{ failed: string | null }[]>([
    'events',
    'query',
    '--issue',
    main,
    '--type',
    'claim_released',
  ]);
  expect(released).toMatchObject({ failed: null, defer_until: null });
  expect(more).toEqual([]);
  console.log(
    `a supervisor with one slot: ${parts.length} parts handed over, 1 other issue meanwhile, ` +
      `2 runs of its own, ${parts.length} results in its last prompt, 0 failures`,
  );
});

test('an agent that hands over again and again ends with a person, and none of it is an attempt', async () => {
  const repository = await createRepository();
  // The part is finished before its supervisor ends: that counts as handed over all the same.
  const isDone = `jit issue show "$id" --json | grep -q '"state":"done"'`;
  const wait = `until ${isDone}; do sleep 0.1; done`;
  repository.script('boss', `#!/bin/sh\n${PART}part "One more"\n${wait}\n`);
  repository.script('worker', `#!/bin/sh\n${DONE}`);
  repository.configure(`${HEAD}${boss}${worker}[retry]\nlifetime = 2\n`);
  const main = await repository.create('Never ends', '-l', 'plan', '-p', 'critical');
  repository.start();
  const labels = async () => (await repository.issue(main)).labels;
  await until('escalated', async () => (await labels()).includes('dispatch:escalated'));
  const runs = await runsOf(repository, main);
  expect(runs.map(({ reason }) => reason)).toEqual(['handed_over', 'handed_over']);
  const comments = await repository.jit<{ text: string }[]>([
    'events',
    'query',
    '--issue',
    main,
    '--type',
    'comment_added',
  ]);
  expect(comments[0]?.text).toContain(
    'hand_overs_used_up): parts of it were handed over 2 times, and 2 are allowed',
  );
  console.log(`${runs.length} hand-overs of 2 allowed, then 1 person was asked`);
});

test('a dispatcher that dies while it settles a hand-over finishes that, whatever was told by then', async () => {
  const steps = ['settling', 'told', 'settled'];
  for (const step of steps) {
    const repository = await createRepository();
    repository.script('boss', `#!/bin/sh\n${PART}part "One"\n`);
    repository.configure(`${HEAD}${boss}`);
    const main = await repository.create('Build it');
    await repository.once();
    await until('the agent has ended', () => isQuiet(repository.root));
    const { signal } = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
    expect(signal).toBe('SIGKILL');
    await repository.once('--max-issues', '0');
    const runs = await runsOf(repository, main);
    expect(runs, step).toMatchObject([{ state: 'completed', reason: 'handed_over' }]);
    const shown = await repository.issue(main);
    expect(shown).toMatchObject({ state: 'open', claim: null, attempt: 1 });
  }
  console.log(`killed at ${steps.length} steps of settling a hand-over: ended as such each time`);
});
