import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStoreLock } from '../../../test/support/store-lock.ts';
import { type TempTracker, tempTracker } from '../../../test/support/temp-tracker.ts';

const update = (filter: string, ...flags: string[]) => [
  'issue',
  'update',
  '--filter',
  filter,
  ...flags,
];

/** Everything that is committed to git, byte for byte. */
function committed({ dir }: TempTracker): string {
  const folders = ['issues', 'events', 'gates'].map((name) => join(dir, '.jit', name));
  return folders
    .flatMap((folder) =>
      readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    )
    .join('\n');
}

describe('issue update --filter', () => {
  test('changes every issue that fits, and tells from what to what', async () => {
    const tracker = await tempTracker();
    const { create, json, events, file } = tracker;
    const a = await create('a', '-l', 'x');
    const b = await create('b', '-l', 'x', '-p', 'high');
    const c = await create('c');
    const flags = [
      '-p',
      'high',
      '--add-label',
      'y',
      '--remove-label',
      'x',
      '--gate',
      'g',
      '--define',
    ];
    const answer = await json(update('label:x', ...flags, '--defer-until', '2099-01-01'));
    expect(answer).toMatchObject({
      filter: 'label:x',
      dry_run: false,
      matched: 2,
      changed: 2,
      refused: 0,
    });
    expect(answer.issues.map(({ id }: { id: string }) => id)).toEqual([a, b]);
    expect(answer.issues[0].changes).toEqual({
      state: { from: 'ready', to: 'open' },
      priority: { from: 'normal', to: 'high' },
      labels: { from: ['x'], to: ['y'] },
      gates: { from: {}, to: { g: 'pending' } },
      defer_until: { from: null, to: '2099-01-01T00:00:00.000Z' },
    });
    expect(answer.issues[1].changes.priority).toBeUndefined();
    expect(file(c)).toMatchObject({ priority: 'normal', labels: [] });
    const updated = events().filter(({ type }) => type === 'issue_updated');
    expect(updated.map(({ issue }) => issue)).toEqual([a, b]);
    expect(await json(update('label:y', '-p', 'high'))).toMatchObject({ matched: 2, changed: 0 });
  });

  test('one refused issue refuses all, and every refusal is named', async () => {
    const tracker = await tempTracker();
    const { create, json, fails, run } = tracker;
    await json(['gate', 'define', 'review', '--stage', 'done']);
    const free = await create('free', '-l', 'x');
    const blocker = await create('blocker');
    const blocked = await create('blocked', '-l', 'x', '--dep', blocker);
    const gated = await create('gated', '-l', 'x', '--gate', 'review');
    const held = await create('held', '-l', 'x');
    await json(['issue', 'claim', held, 'bot', '--ttl', '600']);
    const before = committed(tracker);
    for (const more of [[], ['--dry-run']]) {
      const failure = await fails(update('label:x', '--state', 'done', '-p', 'low', ...more));
      expect(failure).toMatchObject({ exit: 4, code: 'BULK_REFUSED', details: { matched: 4 } });
      expect(failure.details.refused).toMatchObject([
        { issue: blocked, code: 'BLOCKED' },
        { issue: gated, code: 'GATES_OPEN' },
        { issue: held, code: 'CLAIM_HELD' },
      ]);
      for (const id of [blocked, gated, held]) expect(failure.message).toContain(id);
      expect(failure.message).not.toContain(free);
      expect(committed(tracker)).toBe(before);
    }
    expect((await run(update(`id:${held}`, '--state', 'done'))).exit).toBe(6);
  });

  test('with --keep-going each issue is changed as if alone', async () => {
    const { create, json, run, file } = await tempTracker();
    await json(['gate', 'define', 'review', '--stage', 'done']);
    const gated = await create('gated', '--gate', 'review');
    const held = await create('held');
    const free = await create('free');
    await json(['issue', 'claim', held, 'bot', '--ttl', '600']);
    const ended = await run([
      ...update('state:unfinished', '--state', 'done', '--keep-going'),
      '--json',
    ]);
    expect(ended.exit).toBe(4);
    const answer = JSON.parse(ended.stdout);
    expect(answer).toMatchObject({ matched: 3, changed: 2, refused: 2 });
    expect(answer.issues).toMatchObject([
      { id: gated, state: 'gated', changed: true, refusal: { exit: 4, code: 'GATES_OPEN' } },
      { id: held, state: 'in_progress', changed: false, refusal: { exit: 6, code: 'CLAIM_HELD' } },
      { id: free, state: 'done', changed: true, refusal: null },
    ]);
    expect([file(gated).state, file(held).state, file(free).state]).toEqual([
      'gated',
      'in_progress',
      'done',
    ]);
  });

  test('half a refused change is not kept with --keep-going', async () => {
    const { create, json, run, file, events } = await tempTracker();
    const first = await create('first');
    const second = await create('second', '--dep', first, '-l', 'x');
    const count = events().length;
    const ended = await run(update('label:x', '--state', 'done', '-p', 'low', '--keep-going'));
    expect(ended.exit).toBe(4);
    expect(ended.stdout).toContain('refused');
    expect(file(second)).toMatchObject({ priority: 'normal', state: 'open' });
    expect(events()).toHaveLength(count);
    expect((await json(['issue', 'show', second])).state).toBe('open');
  });

  test('finishes what others of them wait for first', async () => {
    const { create, json } = await tempTracker();
    const top = await create('top');
    const middle = await create('middle');
    const leaf = await create('leaf');
    await json(['dep', 'add', top, middle]);
    await json(['dep', 'add', middle, leaf]);
    const answer = await json(update('state:unfinished', '--state', 'done'));
    expect(answer).toMatchObject({ matched: 3, changed: 3 });
    expect(answer.issues.map(({ id }: { id: string }) => id)).toEqual([top, middle, leaf]);
    expect(answer.issues[0].changes.state).toEqual({ from: 'open', to: 'done' });
  });

  test('--dry-run shows the same and changes nothing', async () => {
    const tracker = await tempTracker();
    const { create, json, run } = tracker;
    await create('a');
    await create('b', '-p', 'low');
    const before = committed(tracker);
    const line = update('priority:normal,low', '-p', 'low', '--state', 'rejected');
    const dry = await json([...line, '--dry-run']);
    expect(committed(tracker)).toBe(before);
    const text = (await run([...line, '--dry-run'])).stdout;
    expect(text).toContain('state ready → rejected, priority normal → low  a');
    expect(text).toContain('would change 2 of 2 issues; nothing was changed');
    expect(await json(line)).toEqual({ ...dry, dry_run: false });
  });

  test('one issue is told of in the singular', async () => {
    const { create, run } = await tempTracker();
    await create('a', '--dep', await create('b'));
    const ended = await run(update('state:ready', '-p', 'low'));
    expect(ended.stdout).toContain('changed 1 of 1 issue\n');
    const refused = await run(update('state:open', '--state', 'done'));
    expect(refused.stderr).toContain('nothing was changed: 1 of 1 issue refuses it\n');
  });

  test('--dry-run waits for no lock', async () => {
    const { create, json, fails, dir } = await tempTracker();
    await create('a');
    const letGo = openStoreLock(dir);
    onTestFinished(letGo);
    const line = update('state:ready', '-p', 'low');
    expect(await json([...line, '--dry-run'])).toMatchObject({ matched: 1, changed: 1 });
    expect(await fails([...line, '--lock-timeout', '0'])).toMatchObject({ exit: 75 });
  });

  test('a bulk claim gives each issue a token, a rehearsed one none', async () => {
    const { create, json } = await tempTracker();
    const a = await create('a');
    await create('b');
    const line = update('state:ready', '--state', 'in_progress');
    const dry = await json([...line, '--dry-run']);
    expect(dry.issues.map(({ token }: { token: string | null }) => token)).toEqual([null, null]);
    const { issues } = await json(line);
    expect(new Set(issues.map(({ token }: { token: string }) => token)).size).toBe(2);
    const done = ['issue', 'update', a, '--state', 'done', '--claim', issues[0].token];
    expect(await json(done)).toMatchObject({ state: 'done' });
  });

  test('no issue that fits is exit 0, said on stderr', async () => {
    const { run } = await tempTracker();
    const ended = await run([...update('label:x', '-p', 'low'), '--json']);
    expect(ended.exit).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ matched: 0, changed: 0, issues: [] });
    expect(ended.stderr).toContain('no issue fits the filter');
  });

  test.each([
    ['issue update -p low', '<id> is missing'],
    ['issue update abcd --filter state:ready -p low', 'exclude each other'],
    ['issue update abcd --dry-run -p low', '--dry-run goes with --filter only'],
    ['issue update abcd --keep-going -p low', '--keep-going goes with --filter only'],
    ['issue update --filter state:ready', 'nothing to change is given'],
    [
      'issue update --filter state:ready -p low --claim abcdefghijklmnopqrstuv',
      '--claim belongs to one issue',
    ],
    ['issue update --filter= -p low', 'the filter is empty'],
  ])('%s is refused', async (line, words) => {
    const { fails } = await tempTracker();
    const failure = await fails(line);
    expect(failure.exit).toBe(2);
    expect(failure.message).toContain(words);
  });

  test('is a line of a batch, and is taken back with an atomic one', async () => {
    const { create, batch, file } = await tempTracker();
    const id = await create('a');
    const line = update('state:ready', '-p', 'low');
    const dry = [...update('state:ready', '-p', 'high'), '--dry-run'];
    const atomic = await batch([line, ['issue', 'show', 'nope']], ['--atomic']);
    expect(atomic.answers[0]).toMatchObject({ error: { code: 'ROLLED_BACK' } });
    expect(file(id).priority).toBe('normal');
    const { answers } = await batch([['issue', 'create', 'b'], dry, line], ['--atomic']);
    expect(answers[1].result).toMatchObject({ dry_run: true, matched: 2, changed: 2 });
    expect(answers[2].result).toMatchObject({ matched: 2, changed: 2 });
    expect(answers[2].result.issues[1].changes).toEqual({
      priority: { from: 'normal', to: 'low' },
    });
    expect(file(id).priority).toBe('low');
  });
});
