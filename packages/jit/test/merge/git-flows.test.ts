import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { describe, expect, it } from 'vitest';
import { commitAll, git, tryGit } from '../support/git.ts';
import {
  create,
  edit,
  events,
  findings,
  issuePath,
  jit,
  mergingRepository,
  onBranch,
  show,
} from '../support/merge-setup.ts';

/** A commit on a branch and one on main that changed the same issue and the same month of the log. */
async function twoSides(): Promise<{ cwd: string; id: string }> {
  const cwd = await mergingRepository();
  const id = await create(cwd, 'shared', '--label', 'old');
  commitAll(cwd, 'an issue');
  await onBranch(cwd, 'work', async () => {
    await jit(
      cwd,
      'issue',
      'update',
      id,
      '-p',
      'high',
      '--add-label',
      'theirs',
      '--title',
      'by work',
    );
    await jit(cwd, 'issue', 'comment', id, 'a comment on work');
  });
  await jit(
    cwd,
    'issue',
    'update',
    id,
    '-d',
    'ours',
    '--remove-label',
    'old',
    '--title',
    'by main',
  );
  await jit(cwd, 'issue', 'comment', id, 'a comment on main');
  return { cwd, id };
}

/** All edits of both sides are there; the title, which both had changed, is noted. */
async function expectMerged(cwd: string, id: string, titles: [string, string]): Promise<void> {
  const issue = await show(cwd, id);
  expect(issue).toMatchObject({
    priority: 'high',
    description: 'ours',
    labels: ['theirs'],
    title: titles[0],
    conflicts: [{ field: 'title', kept: titles[0], other: titles[1] }],
  });
  const comments = await events(cwd, 'comment_added');
  expect(comments.map((event) => event.issue)).toEqual([id, id]);
  expect((await findings(cwd)).map(({ code }) => code)).toEqual(['MERGE_CONFLICT_FIELDS']);
  const other = await create(cwd, 'the next write, of another issue');
  expect(
    (await events(cwd, 'merge_conflict')).map(({ issue, field, kept, other }) => ({
      issue,
      field,
      kept,
      other,
    })),
  ).toEqual([{ issue: id, field: 'title', kept: titles[0], other: titles[1] }]);
  expect((await show(cwd, id)).conflicts).toEqual([]);
  expect(readFileSync(issuePath(cwd, id), 'utf8')).not.toContain('conflicts');
  await jit(cwd, 'issue', 'comment', other, 'one more write');
  expect(await events(cwd, 'merge_conflict')).toHaveLength(1);
  expect(await findings(cwd)).toEqual([]);
}

describe('with the driver registered', () => {
  it('git merge keeps the edits of both sides and both parts of the log', async () => {
    const { cwd, id } = await twoSides();
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    await expectMerged(cwd, id, ['by main', 'by work']);
  });

  it('git rebase does', async () => {
    const { cwd, id } = await twoSides();
    commitAll(cwd, 'on main');
    git(cwd, 'rebase', 'work');
    // In a rebase "ours" is what it is put upon.
    await expectMerged(cwd, id, ['by work', 'by main']);
  });

  it('git cherry-pick does', async () => {
    const { cwd, id } = await twoSides();
    commitAll(cwd, 'on main');
    git(cwd, 'cherry-pick', 'work');
    await expectMerged(cwd, id, ['by main', 'by work']);
  });

  it('git stash pop does', async () => {
    const { cwd, id } = await twoSides();
    git(cwd, 'stash');
    git(cwd, 'merge', '--ff-only', 'work');
    git(cwd, 'stash', 'pop');
    await expectMerged(cwd, id, ['by work', 'by main']);
  });

  it('a month of the log without a newline at its end loses no event', async () => {
    const { cwd, id } = await twoSides();
    const [month = ''] = readdirSync(join(cwd, '.jit/events'));
    edit(join(cwd, '.jit/events', month), (text) => text.trimEnd());
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    const comments = await events(cwd, 'comment_added');
    const lines = readFileSync(join(cwd, '.jit/events', month), 'utf8');
    expect(lines.split('\n').filter((line) => line.includes('}{'))).toEqual([]);
    expect(comments.map((event) => event.issue)).toEqual([id, id]);
  });

  it('works from a linked worktree, and where there is no driver git marks the conflict', async () => {
    const { cwd, id } = await twoSides();
    commitAll(cwd, 'on main');
    const linked = `${dirname(cwd)}/linked`;
    git(cwd, 'worktree', 'add', '-b', 'side', linked, 'main');
    git(linked, 'merge', '--no-edit', 'work');
    const merged = JSON.parse(readFileSync(issuePath(linked, id), 'utf8'));
    expect(merged).toMatchObject({ title: 'by main', priority: 'high' });
    git(cwd, 'config', '--remove-section', 'merge.jit');
    expect(tryGit(cwd, ['merge', '--no-edit', 'work']).exit).toBe(1);
    const warned = await runBundle('jit', ['query', 'all'], { cwd });
    expect(warned.stderr).toContain('conflict markers');
    expect((await runBundle('jit', ['issue', 'show', id], { cwd })).exit).toBe(4);
  });
});

describe('what only a merge created', () => {
  it('readiness that came by it is one event with one id in two clones', async () => {
    const cwd = await mergingRepository();
    const first = await create(cwd, 'first');
    const second = await create(cwd, 'second', '--dep', first);
    commitAll(cwd, 'two issues');
    await onBranch(cwd, 'work', () => jit(cwd, 'issue', 'update', first, '--state', 'done'));
    await jit(cwd, 'issue', 'update', second, '--add-label', 'x');
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    const clone = `${dirname(cwd)}/clone`;
    git(cwd, 'clone', '-q', cwd, clone);
    expect((await show(clone, second)).state).toBe('ready');
    const lines = await Promise.all(
      [cwd, clone].map(async (each) => {
        await create(each, 'the next write');
        return (await events(each, 'ready_changed')).filter(
          ({ issue, ready }) => issue === second && ready === true,
        );
      }),
    );
    expect(lines[0]).toHaveLength(1);
    expect(lines[1]).toEqual(lines[0]);
  });

  it('what two clones note of one merge are the same lines, whoever writes next', async () => {
    const cwd = await mergingRepository();
    const [first, second] = [await create(cwd, 'first'), await create(cwd, 'second')];
    const waiting = await create(cwd, 'waiting', '--dep', first, '--dep', second);
    commitAll(cwd, 'three issues');
    await onBranch(cwd, 'work', async () => {
      await jit(cwd, 'issue', 'update', first, '--state', 'done', '--title', 'theirs');
    });
    await jit(cwd, 'issue', 'update', second, '--state', 'done', '--actor', 'cleo');
    await jit(cwd, 'issue', 'update', first, '--title', 'ours');
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    const clone = `${dirname(cwd)}/clone`;
    git(cwd, 'clone', '-q', cwd, clone);
    const [month = ''] = readdirSync(join(cwd, '.jit/events'));
    const lines = [];
    for (const [place, actor] of [
      [cwd, 'ana'],
      [clone, 'bob'],
    ] as const) {
      const other = await create(place, 'the next write', '--actor', actor);
      const log = readFileSync(join(place, '.jit/events', month), 'utf8').split('\n');
      const fresh = log.filter((line) => !line.includes(other));
      lines.push(fresh.filter((line) => /"(ready_changed|merge_conflict)"/.test(line)));
    }
    expect(lines[0]?.filter((line) => line.includes('merge_conflict'))).toHaveLength(1);
    expect(lines[0]?.filter((line) => line.includes(waiting)).at(-1)).toContain('"ready":true');
    expect(lines[1]).toEqual(lines[0]);
  });

  it('a cycle is told by the next read and write and by validate, blocks, and dep rm gets out', async () => {
    const cwd = await mergingRepository();
    const [a, b, c] = [await create(cwd, 'a'), await create(cwd, 'b'), await create(cwd, 'c')];
    commitAll(cwd, 'three issues');
    await onBranch(cwd, 'work', () => jit(cwd, 'dep', 'add', a, b));
    await jit(cwd, 'dep', 'add', b, c);
    await jit(cwd, 'dep', 'add', c, a);
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    const read = await runBundle('jit', ['query', 'ready', '--json'], { cwd });
    expect(JSON.parse(read.stdout)).toEqual([]);
    for (const id of [a, b, c]) expect(read.stderr).toContain(id);
    expect(read.stderr).toContain('jit dep rm FROM TO');
    expect(await jit(cwd, 'issue', 'comment', a, 'a write')).toContain('circle');
    const [found] = await findings(cwd);
    expect(found).toMatchObject({ code: 'CYCLE' });
    // A new index knows it, too.
    rmSync(join(cwd, '.jit/local/index.db'));
    expect(await jit(cwd, 'query', 'ready')).toContain('circle');
    expect(await jit(cwd, 'dep', 'rm', c, a)).toBe('');
    expect(await jit(cwd, 'query', 'ready')).toBe('');
    expect(
      (await jitJson<{ id: string }[]>(['query', 'ready'], { cwd })).map(({ id }) => id),
    ).toEqual([c]);
    expect(await findings(cwd)).toEqual([]);
  });

  it.each(['query all', 'issue create next'])(
    'a double claim is told by %s with both holders and no token',
    async (command) => {
      const cwd = await mergingRepository();
      const id = await create(cwd, 'wanted');
      commitAll(cwd, 'an issue');
      const clone = `${dirname(cwd)}/clone`;
      git(cwd, 'clone', '-q', cwd, clone);
      await jit(cwd, 'issue', 'claim', id, 'ana', '--ttl', '600');
      commitAll(cwd, 'claimed by ana');
      await jit(clone, 'issue', 'claim', id, 'bob', '--ttl', '600');
      commitAll(clone, 'claimed by bob');
      git(cwd, 'pull', '-q', '--no-rebase', '--no-edit', clone, 'main');
      const codes = (await findings(cwd)).map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining(['DOUBLE_CLAIM', 'MERGE_CONFLICT_FIELDS']));
      const stderr = await jit(cwd, ...command.split(' '));
      expect(stderr).toContain(
        `two claims on ${id}: ana (attempt 1) keeps it, bob (attempt 1) has lost it`,
      );
      expect(await show(cwd, id)).toMatchObject({ state: 'in_progress', assignee: 'ana' });
      await create(cwd, 'the next write');
      const [event] = await events(cwd, 'merge_conflict');
      expect(event).toMatchObject({ issue: id, field: 'claim', other: { assignee: 'bob' } });
      expect(JSON.stringify(event)).not.toContain('hash');
      expect(await jit(cwd, 'query', 'all')).toBe('');
    },
  );

  it('the clone that lost a double claim is told, its token gets exit 7 everywhere, and the lost claim counts for nobody', async () => {
    const cwd = await mergingRepository();
    const id = await create(cwd, 'wanted');
    commitAll(cwd, 'an issue');
    const clone = `${dirname(cwd)}/clone`;
    git(cwd, 'clone', '-q', cwd, clone);
    await jit(clone, 'git', 'setup');
    const token = 'b'.repeat(32);
    // Who claimed first keeps it.
    await jit(cwd, 'issue', 'claim', id, 'ana', '--ttl', '600');
    commitAll(cwd, 'claimed by ana');
    await jit(clone, 'issue', 'claim', id, 'bob', '--claim', token);
    commitAll(clone, 'claimed by bob');
    git(cwd, 'pull', '-q', '--no-rebase', '--no-edit', clone, 'main');
    git(clone, 'pull', '-q', '--no-rebase', '--no-edit', cwd, 'main');
    expect(await jit(clone, 'query', 'ready')).toContain(`bob (attempt 1) has lost it`);
    expect((await findings(clone)).map(({ code }) => code)).toContain('DOUBLE_CLAIM');
    const before = readFileSync(issuePath(clone, id), 'utf8');
    for (const argv of [
      ['issue', 'heartbeat', id, '--claim', token],
      ['issue', 'update', id, '--state', 'done', '--claim', token],
      ['issue', 'update', id, '--title', 'mine', '--claim', token],
      ['issue', 'comment', id, 'mine', '--claim', token],
      ['issue', 'release', id, '--claim', token],
      ['issue', 'claim', id, 'bob', '--claim', token],
      ['issue', 'claim-next', 'bob', '--claim', token],
    ]) {
      const ended = await runBundle('jit', argv, { cwd: clone });
      expect(ended.exit, argv.join(' ')).toBe(7);
      expect(ended.stderr, argv.join(' ')).toContain('ana');
    }
    expect(readFileSync(issuePath(clone, id), 'utf8')).toBe(before);
    await create(clone, 'other');
    await jit(clone, 'issue', 'claim-next', 'bob', '--max-held', '1');
    expect(await show(clone, id)).toMatchObject({ assignee: 'ana' });
  });

  it('an issue that one side deleted and the other edited stays visible, and validate says how to decide', async () => {
    const cwd = await mergingRepository();
    const id = await create(cwd, 'disputed');
    commitAll(cwd, 'an issue');
    await onBranch(cwd, 'work', () => jit(cwd, 'issue', 'delete', id));
    await jit(cwd, 'issue', 'update', id, '-d', 'worth keeping');
    commitAll(cwd, 'on main');
    const merge = tryGit(cwd, ['merge', '--no-edit', 'work']);
    expect(merge.exit).toBe(1);
    expect(merge.stdout).toContain('modify/delete');
    expect(existsSync(issuePath(cwd, id))).toBe(true);
    expect(await show(cwd, id)).toMatchObject({ description: 'worth keeping' });
    const [before] = await findings(cwd);
    expect(before).toMatchObject({ code: 'DELETED_AND_EDITED' });
    expect(before?.fix).toContain(`jit issue show ${id}`);
    await create(cwd, 'the next write');
    expect(await events(cwd, 'merge_conflict')).toMatchObject([
      { issue: id, field: 'file', kept: 'edited', other: 'deleted' },
    ]);
    expect((await findings(cwd)).map(({ code }) => code)).toEqual(['DELETED_AND_EDITED']);
    await jit(cwd, 'issue', 'comment', id, 'it stays');
    expect(await findings(cwd)).toEqual([]);
    commitAll(cwd, 'decided');
    expect(await show(cwd, id)).toMatchObject({ title: 'disputed' });
  });

  it.each([false, true])(
    'what one side finished and the other gave an exit gate (archived: %s) is named with a way out that works',
    async (archived) => {
      const cwd = await mergingRepository();
      const id = await create(cwd, 'finished');
      await jit(cwd, 'gate', 'define', 'tests', '--stage', 'done');
      commitAll(cwd, 'an issue and a gate');
      await onBranch(cwd, 'work', async () => {
        await jit(cwd, 'issue', 'update', id, '--state', 'done');
        if (archived) await jit(cwd, 'issue', 'archive', id);
      });
      await jit(cwd, 'gate', 'add', id, 'tests');
      commitAll(cwd, 'on main');
      git(cwd, 'merge', '--no-edit', 'work');
      const [found] = await findings(cwd);
      expect(found).toMatchObject({ code: 'DONE_WITH_OPEN_GATE' });
      expect(found?.fix).toContain(`jit issue reopen ${id}`);
      if (archived) {
        expect(found?.fix).toContain(`Write "done" for its state in .jit/issues/${id}.json`);
        edit(issuePath(cwd, id), (text) => text.replace('"archived"', '"done"'));
      }
      await jit(cwd, 'issue', 'reopen', id);
      await jit(cwd, 'gate', 'pass', id, 'tests');
      await jit(cwd, 'issue', 'update', id, '--state', 'done');
      expect(await findings(cwd)).toEqual([]);
    },
  );

  it('an edge to what the other side deleted blocks, and is named with the two ways out', async () => {
    const cwd = await mergingRepository();
    const [gone, waiting] = [await create(cwd, 'gone'), await create(cwd, 'waiting')];
    commitAll(cwd, 'two issues');
    await onBranch(cwd, 'work', () => jit(cwd, 'issue', 'delete', gone));
    await jit(cwd, 'dep', 'add', waiting, gone);
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    const blocked = await runBundle('jit', ['query', 'blocked'], { cwd });
    expect(blocked.stdout).toContain(`waits for ${gone} (missing)`);
    const [found] = await findings(cwd);
    expect(found).toMatchObject({ code: 'DANGLING_EDGE' });
    expect(found?.fix).toContain(`jit dep rm ${waiting} ${gone}`);
    await jit(cwd, 'dep', 'rm', waiting, gone);
    expect((await show(cwd, waiting)).state).toBe('ready');
    expect(await findings(cwd)).toEqual([]);
  });

  it('two checkers for one gate: one stays whole, the other is named until the next write notes it', async () => {
    const cwd = await mergingRepository();
    const path = join(cwd, '.jit/gates/tests.json');
    const checker = { command: 'npm test', timeout_secs: 300, working_dir: null, env: {} };
    writeFileSync(
      path,
      JSON.stringify({
        schema: 1,
        key: 'tests',
        title: 'Tests',
        stage: 'done',
        mode: 'auto',
        checker,
      }),
    );
    commitAll(cwd, 'a gate');
    await onBranch(cwd, 'work', () => edit(path, (text) => text.replace('npm test', 'make test')));
    edit(path, (text) => text.replace('npm test', 'npm run all'));
    commitAll(cwd, 'on main');
    git(cwd, 'merge', '--no-edit', 'work');
    expect(JSON.parse(readFileSync(path, 'utf8')).checker.command).toBe('npm run all');
    const found = await findings(cwd);
    expect(found.map(({ code }) => code)).toEqual(['MERGE_CONFLICT_FIELDS']);
    expect(found[0]?.fix).toContain('jit gate show tests');
    const shown = await jitJson<{ conflicts: unknown[] }>(['gate', 'show', 'tests'], { cwd });
    expect(shown.conflicts).toMatchObject([{ field: 'checker' }]);
    const inWords = await runBundle('jit', ['gate', 'show', 'tests'], { cwd });
    expect(inWords.stdout).toContain('make test');
    await create(cwd, 'the next write');
    expect(await events(cwd, 'merge_conflict')).toMatchObject([
      { issue: null, field: 'checker', other: { checker: { command: 'make test' } } },
    ]);
    expect(readFileSync(path, 'utf8')).not.toContain('conflicts');
    expect(await findings(cwd)).toEqual([]);
  });

  it('an issue in a file with conflict markers of the driver is named and not overwritten', async () => {
    const cwd = await mergingRepository();
    const id = await create(cwd, 'newer');
    commitAll(cwd, 'an issue');
    await onBranch(cwd, 'work', () =>
      edit(issuePath(cwd, id), (text) => text.replace('"schema": 1', '"schema": 2')),
    );
    await jit(cwd, 'issue', 'update', id, '--title', 'ours');
    commitAll(cwd, 'on main');
    const merge = tryGit(cwd, ['merge', '--no-edit', 'work']);
    expect(merge.exit).toBe(1);
    expect(merge.stderr).toContain('could not be merged');
    const text = readFileSync(issuePath(cwd, id), 'utf8');
    expect(text).toContain('"schema": 2');
    expect(text).toContain('"title": "ours"');
    expect((await findings(cwd)).map(({ code }) => code)).toEqual(['UNREADABLE_FILE']);
    await create(cwd, 'another write');
    expect(readFileSync(issuePath(cwd, id), 'utf8')).toBe(text);
    writeFileSync(issuePath(cwd, id), git(cwd, 'show', `main:.jit/issues/${id}.json`));
    expect(await show(cwd, id)).toMatchObject({ title: 'ours' });
  });
});
