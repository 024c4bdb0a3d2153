import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { gateTracker } from './gate-tracker.ts';

const ROUNDS = 40;
const PATIENT = ['--lock-timeout', '60'];

test('two people who pass the last two gates at once make the issue done, once', {
  timeout: 300_000,
}, async () => {
  const { json, run, cwd } = await gateTracker();
  for (const key of ['tests', 'lint'])
    await json('gate', 'define', key, '--stage', 'done', '--command', 'true');
  await json('gate', 'define', 'review', '--stage', 'done');
  await json('gate', 'define', 'docs', '--stage', 'done');
  const seen = { done: 0, changes: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const auto = round % 2 === 0;
    const [one, two] = auto ? (['tests', 'lint'] as const) : (['review', 'docs'] as const);
    const verb = auto ? 'run' : 'pass';
    const { id } = await json('issue', 'create', `round ${round}`, '--gate', `${one},${two}`);
    expect((await run('issue', 'update', id, '--state', 'done')).exit).toBe(4);
    const both = await Promise.all(
      [one, two].map((key) => runBundle('jit', ['gate', verb, id, key, ...PATIENT], { cwd })),
    );
    expect(both.map(({ exit, stderr }) => [exit, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const events = await json('events', 'query', '--issue', id, '--type', 'state_changed');
    seen.changes += events.filter(({ to }: { to: string }) => to === 'done').length;
    if ((await json('issue', 'show', id)).state === 'done') seen.done += 1;
  }
  console.log(`${ROUNDS} rounds, 2 processes: ${seen.done} done, ${seen.changes} changes to done`);
  expect(seen).toEqual({ done: ROUNDS, changes: ROUNDS });
});

test('two runs of the same last gate at once: both say passed, the issue is done once', async () => {
  const { json, run, gated, cwd } = await gateTracker();
  const folder = tempFolder();
  // Each goes on only when both run.
  const id = await gated(
    `touch ${folder}/$$; until test "$(ls ${folder} | wc -l)" -ge 2; do sleep 0.05; done`,
  );
  expect((await run('issue', 'update', id, '--state', 'done')).exit).toBe(4);
  const both = await Promise.all(
    [1, 2].map(() => runBundle('jit', ['gate', 'run', id, '--json', ...PATIENT], { cwd })),
  );
  expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
  const changed = both.map(({ stdout }) => JSON.parse(stdout).changed);
  expect(changed.sort()).toEqual([false, true]);
  const events = await json('events', 'query', '--issue', id);
  const to = events.map(({ type, to: state }: Record<string, string>) => state ?? type);
  expect(to.filter((word: string) => word === 'done' || word === 'gate_passed')).toHaveLength(2);
});

test('a batch holds no lock while a checker runs, and an atomic one refuses to run any', async () => {
  const { json, gated, cwd } = await gateTracker();
  const jit = `node ${join(import.meta.dirname, '../../bin/jit.js')}`;
  const id = await gated(
    `${jit} issue comment "$JIT_ISSUE_ID" "from the checker" --lock-timeout 5`,
  );
  const lines = [
    ['issue', 'comment', id, 'before'],
    ['gate', 'run', id, '--actor', 'ci'],
    ['issue', 'comment', id, 'after'],
    ['gate', 'pass', id, 'check'],
  ];
  const stdin = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const atomic = await runBundle('jit', ['batch', '--atomic'], { cwd, stdin });
  const codes = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ exit, error }) => error?.code ?? exit);
  expect([atomic.exit, codes(atomic.stdout)]).toEqual([
    2,
    ['ROLLED_BACK', 'USAGE', 'ROLLED_BACK', 'ROLLED_BACK'],
  ]);
  expect((await json('issue', 'show', id)).comments).toEqual([]);
  const plain = await runBundle('jit', ['batch'], { cwd, stdin });
  expect([plain.exit, codes(plain.stdout)]).toEqual([2, [0, 0, 0, 'USAGE']]);
  const { comments, gates } = await json('issue', 'show', id);
  expect(comments.map(({ text }: { text: string }) => text)).toEqual([
    'before',
    'from the checker',
    'after',
  ]);
  expect(gates[0]).toMatchObject({ status: 'passed', by: 'ci' });
});
