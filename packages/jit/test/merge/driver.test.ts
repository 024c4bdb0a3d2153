import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

const ISSUE = {
  schema: 1,
  id: 'aaaa',
  title: 'title',
  state: 'open',
  priority: 'normal',
  labels: ['a'],
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: 'ana',
};
const GATE = {
  schema: 1,
  key: 'tests',
  title: 'Tests',
  stage: 'done',
  mode: 'auto',
  checker: { command: 'npm test', timeout_secs: 300, working_dir: null, env: {} },
};

type Version = string | object;
const text = (version: Version) =>
  typeof version === 'string' ? version : `${JSON.stringify(version, null, 2)}\n`;

/** Calls the driver as git does: in a folder with three files, without a tracker anywhere. */
async function drive(
  base: Version,
  ours: Version,
  theirs: Version,
  path = '.jit/issues/aaaa.json',
) {
  const cwd = tempFolder();
  for (const [name, version] of Object.entries({ O: base, A: ours, B: theirs }))
    writeFileSync(join(cwd, name), text(version));
  const ended = await runBundle('jit', ['merge-driver', 'O', 'A', 'B', path], { cwd });
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  expect(readdirSync(cwd).sort()).toEqual(['A', 'B', 'O']);
  expect([read('O'), read('B')]).toEqual([text(base), text(theirs)]);
  return { ...ended, result: read('A'), merged: () => JSON.parse(read('A')) };
}

function expectBothVisible(result: string, ours: Version, theirs: Version): void {
  expect(result).toBe(`<<<<<<< ours\n${text(ours)}=======\n${text(theirs)}>>>>>>> theirs\n`);
}

describe('jit merge-driver', () => {
  it('merges fields of both sides and prints nothing', async () => {
    const ended = await drive(
      ISSUE,
      { ...ISSUE, title: 'ours', labels: ['a', 'b'] },
      { ...ISSUE, priority: 'high', labels: [], future_field: 1 },
    );
    expect(ended).toMatchObject({ exit: 0, stdout: '', stderr: '' });
    expect(ended.merged()).toMatchObject({
      title: 'ours',
      priority: 'high',
      labels: ['b'],
      future_field: 1,
    });
    expect(ended.merged()).not.toHaveProperty('conflicts');
  });

  it('notes the other value where both sides changed a field, with exit 0', async () => {
    const ended = await drive(ISSUE, { ...ISSUE, title: 'ours' }, { ...ISSUE, title: 'theirs' });
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('both sides had changed title');
    expect(ended.merged().conflicts).toEqual([{ field: 'title', kept: 'ours', other: 'theirs' }]);
  });

  it('keeps both values of an id that was created twice visible', async () => {
    const ended = await drive(
      '',
      { ...ISSUE, title: 'ours', links: { pr: '1' } },
      { ...ISSUE, title: 'theirs', links: { pr: '2' }, created_by: 'bob' },
    );
    expect(ended.exit).toBe(0);
    expect(ended.merged().conflicts).toEqual([
      { field: 'title', kept: 'ours', other: 'theirs' },
      { field: 'created_by', kept: 'ana', other: 'bob' },
      { field: 'links.pr', kept: '1', other: '2' },
    ]);
  });

  it('never puts a checker together from two sides: one stays, the other is noted', async () => {
    const [ours, theirs] = [
      { ...GATE, checker: { ...GATE.checker, command: 'npm run all' } },
      { ...GATE, description: 'd', checker: { ...GATE.checker, env: { CI: '1' } } },
    ];
    const ended = await drive(GATE, ours, theirs, 'sub/.jit/gates/tests.json');
    expect(ended.exit).toBe(0);
    expect(ended.merged()).toMatchObject({
      description: 'd',
      checker: ours.checker,
      conflicts: [
        { field: 'checker', kept: { checker: ours.checker }, other: { checker: theirs.checker } },
      ],
    });
  });

  it('takes an untouched side whatever the other one says', async () => {
    const newer = { ...ISSUE, schema: 99, what: 'ever' };
    expect(await drive(ISSUE, ISSUE, newer)).toMatchObject({ exit: 0, result: text(newer) });
    expect(await drive(ISSUE, '{', ISSUE)).toMatchObject({ exit: 0, result: '{' });
  });

  const changed = { ...ISSUE, title: 'ours' };
  it.each<[string, Version, Version, Version, string?]>([
    ['another schema', ISSUE, changed, { ...ISSUE, schema: 99 }],
    ['no JSON', ISSUE, changed, '{"title": \n'],
    ['an ancestor that is no JSON', '{', changed, ISSUE],
    [
      'conflict markers',
      ISSUE,
      `<<<<<<< ours\n${text(changed)}=======\n>>>>>>> theirs\n`,
      { ...ISSUE, title: 'x' },
    ],
    [
      'another id, as git takes a new file for a renamed one',
      { ...ISSUE, id: 'bbbb' },
      changed,
      { ...ISSUE, id: 'bbbb', title: 'x' },
    ],
    ['another kind of file', ISSUE, changed, { ...ISSUE, title: 'x' }, 'package.json'],
  ])(
    'leaves both versions between conflict markers and exits 1: %s',
    async (_name, base, ours, theirs, path) => {
      const ended = await drive(base, ours, theirs, path);
      expect(ended.exit).toBe(1);
      expectBothVisible(ended.result, ours, theirs);
      expect(ended.stderr).toContain('could not be merged');
    },
  );

  it('is the same a second time and from the other side, but for what is kept', async () => {
    const [ours, theirs] = [
      { ...ISSUE, title: 'ours', priority: 'high' },
      { ...ISSUE, title: 'theirs', priority: 'critical' },
    ];
    const [one, again, back] = [
      await drive(ISSUE, ours, theirs),
      await drive(ISSUE, ours, theirs),
      await drive(ISSUE, theirs, ours),
    ];
    expect(again.result).toBe(one.result);
    const { title, conflicts, ...rest } = one.merged();
    const { title: otherTitle, conflicts: otherConflicts, ...otherRest } = back.merged();
    expect(otherRest).toEqual(rest);
    expect([title, otherTitle]).toEqual(['ours', 'theirs']);
    expect([conflicts[0].other, otherConflicts[0].other]).toEqual(['theirs', 'ours']);
    // What was merged once merges with either side to itself.
    const settled = await drive(ours, one.merged(), ours);
    expect(settled.result).toBe(one.result);
  });

  it('is refused inside a batch, and says which file is missing', async () => {
    const cwd = tempFolder();
    const missing = await runBundle('jit', ['merge-driver', 'O', 'A', 'B', 'x'], { cwd });
    expect(missing.exit).toBe(10);
    expect(missing.stderr).toContain('O');
    await runBundle('jit', ['init'], { cwd });
    const stdin = '["merge-driver","a","b","c","d"]\n["git","setup"]\n';
    const batch = await runBundle('jit', ['batch'], { cwd, stdin });
    expect(batch.stdout.match(/can't run inside a batch/g)).toHaveLength(2);
  });
});
