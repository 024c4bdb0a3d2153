import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

/** An issue whose claim has ended, with the token that held it. */
async function ended(how: (id: string, token: string) => string[]) {
  const tracker = await tempTracker();
  const id = await tracker.create('x');
  const { claim } = await tracker.json(['issue', 'claim', id, 'a', '--ttl', '600']);
  await tracker.json(how(id, claim.token));
  return { ...tracker, id, token: claim.token as string };
}

const released = (id: string, token: string) => ['issue', 'release', id, '--claim', token];
const overridden = (id: string) => ['issue', 'release', id, '--override-claim', '--reason', 'r'];

describe('a token whose claim has ended', () => {
  it.each([
    ['update -t', (id: string) => ['issue', 'update', id, '-t', 'evil']],
    ['comment', (id: string) => ['issue', 'comment', id, 'hi']],
    ['delete', (id: string) => ['issue', 'delete', id]],
    ['reassign', (id: string) => ['issue', 'reassign', id, 'b']],
    ['assign', (id: string) => ['issue', 'assign', id, 'b']],
  ])('changes nothing with %s: exit 7', async (_, argv) => {
    for (const how of [released, overridden]) {
      const { fails, file, id, token } = await ended(how);
      const before = file(id);
      expect(await fails([...argv(id), '--claim', token])).toMatchObject({
        exit: 7,
        code: 'LOST_CLAIM',
      });
      expect(file(id)).toEqual(before);
    }
  });

  it('may be repeated by who released it, not by who was overridden', async () => {
    const own = await ended(released);
    expect(await own.json(released(own.id, own.token))).toMatchObject({ changed: false });
    const other = await ended(overridden);
    expect(await other.fails(released(other.id, other.token))).toMatchObject({ exit: 7 });
  });
});

describe('the token of another issue', () => {
  it.each([
    ['held', true],
    ['free', false],
  ])('changes nothing on one that is %s: exit 7', async (_, isHeld) => {
    const { create, json, fails, file, events } = await tempTracker();
    const [id, mine] = [await create('x'), await create('mine')];
    if (isHeld) await json(['issue', 'claim', id, 'b', '--ttl', '600']);
    const { claim } = await json(['issue', 'claim', mine, 'a', '--ttl', '600']);
    const before = [file(id), events()];
    for (const argv of [
      ['update', id, '--state', 'done'],
      ['update', id, '--state', 'open'],
      ['update', id, '-t', 'evil'],
      ['release', id],
      ['heartbeat', id],
      ['reassign', id, 'a'],
      ['assign', id, 'a'],
      ['unassign', id],
      ['reject', id],
      ['delete', id],
      ['comment', id, 'hi'],
    ]) {
      expect(await fails(['issue', ...argv, '--claim', claim.token]), argv.join(' ')).toMatchObject(
        {
          exit: 7,
          code: 'LOST_CLAIM',
        },
      );
    }
    expect([file(id), events()]).toEqual(before);
  });
});

describe('an override of a claim on an issue with an open exit gate', () => {
  it('ends the claim although the issue only becomes gated', async () => {
    const { json, fails, create } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    const { claim } = await json(['issue', 'claim', id, 'a', '--ttl', '600']);
    const done = ['issue', 'update', id, '--state', 'done', '--override-claim', '--reason', 'r'];
    expect(await fails(done)).toMatchObject({ exit: 4, code: 'GATES_OPEN' });
    expect(await json(['issue', 'show', id])).toMatchObject({
      state: 'gated',
      claim: null,
      assignee: null,
    });
    expect(await fails(released(id, claim.token))).toMatchObject({ exit: 7 });
  });

  it('ends it in the file too where the issue was gated before, so that it does not live again', async () => {
    const { dir, json, fails, create, file } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    const { claim } = await json(['issue', 'claim', id, 'a', '--ttl', '600']);
    const done = ['issue', 'update', id, '--state', 'done'];
    expect(await fails([...done, '--claim', claim.token])).toMatchObject({ exit: 4 });
    expect(await fails([...done, '--override-claim', '--reason', 'r'])).toMatchObject({ exit: 4 });
    expect(file(id)).toMatchObject({ state: 'gated', claim: null, assignee: null });
    rmSync(join(dir, '.jit', 'local'), { recursive: true });
    const heartbeat = ['issue', 'heartbeat', id, '--claim', claim.token];
    expect(await fails(heartbeat)).toMatchObject({ exit: 7 });
  });
});

it('a claim that git brings back after later attempts holds nothing, and its token is dead', async () => {
  const { dir, json, fails, create, events } = await tempTracker();
  const id = await create('x');
  const path = join(dir, '.jit', 'issues', `${id}.json`);
  const first = await json(['issue', 'claim', id, 'a', '--ttl', '600']);
  const committed = readFileSync(path, 'utf8');
  await json(released(id, first.claim.token));
  const second = await json(['issue', 'claim', id, 'b']);
  await json(released(id, second.claim.token));
  writeFileSync(path, committed);
  expect(await json(['issue', 'show', id])).toMatchObject({ state: 'ready', assignee: null });
  for (const argv of [
    ['update', id, '--title', 'y'],
    ['update', id, '--state', 'done'],
    ['heartbeat', id],
  ]) {
    const stale = ['issue', ...argv, '--claim', first.claim.token];
    expect(await fails(stale), argv.join(' ')).toMatchObject({ exit: 7 });
  }
  expect(await json(['issue', 'claim', id, 'c'])).toMatchObject({ attempt: 3, assignee: 'c' });
  expect(events().at(-1)).toMatchObject({ type: 'state_changed', to: 'in_progress' });
});

describe('an exit gate that was passed in an attempt that git brings back', () => {
  const scene = async () => {
    const tracker = await tempTracker();
    const { dir, json, create } = tracker;
    await json('gate define tests --stage done');
    await json('gate define design');
    const id = await create('x', '--gate', 'tests,design');
    await json(['gate', 'pass', id, 'design']);
    const first = await json(['issue', 'claim', id, 'a', '--ttl', '600']);
    await json(['gate', 'pass', id, 'tests']);
    const path = join(dir, '.jit', 'issues', `${id}.json`);
    const held = readFileSync(path, 'utf8');
    await json(released(id, first.claim.token));
    const free = readFileSync(path, 'utf8');
    const { claim } = await json(['issue', 'claim', id, 'b', '--ttl', '600']);
    return { ...tracker, id, path, held, free, token: claim.token as string };
  };
  const statuses = async ({ json, id }: Awaited<ReturnType<typeof scene>>) =>
    (await json(['gate', 'status', id])).gates.map(
      ({ key, status }: { key: string; status: string }) => [key, status].join(' '),
    );

  it.each(['held', 'free'] as const)(
    'is not passed for the holder of the next attempt, when the file was %s',
    async (which) => {
      const tracker = await scene();
      const { id, path, fails, json, file, token } = tracker;
      writeFileSync(path, tracker[which]);
      expect(await statuses(tracker)).toEqual(['design passed', 'tests pending']);
      const done = ['issue', 'update', id, '--state', 'done', '--claim', token];
      expect(await fails(done)).toMatchObject({ exit: 4, code: 'GATES_OPEN' });
      await json(['gate', 'pass', id, 'tests']);
      expect(file(id)).toMatchObject({ state: 'done', attempt: 2 });
    },
  );

  it.each(['held', 'free'] as const)(
    'is not passed when nobody holds the issue any more, when the file was %s',
    async (which) => {
      const tracker = await scene();
      const { id, path, fails, json, file, token } = tracker;
      await json(released(id, token));
      writeFileSync(path, tracker[which]);
      expect(await statuses(tracker)).toEqual(['design passed', 'tests pending']);
      const done = ['issue', 'update', id, '--state', 'done'];
      expect(await fails(done)).toMatchObject({ exit: 4, code: 'GATES_OPEN' });
      await json(['gate', 'pass', id, 'tests']);
      expect(file(id)).toMatchObject({ state: 'done', attempt: 2 });
    },
  );
});

describe('a claim that the file ended or replaced', () => {
  const edit = (dir: string, id: string, change: (issue: Record<string, unknown>) => object) => {
    const path = join(dir, '.jit', 'issues', `${id}.json`);
    const issue = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, `${JSON.stringify({ ...issue, ...change(issue) }, null, 2)}\n`);
  };

  it('does not come back when an issue that was finished by hand is reopened', async () => {
    const { dir, json, create } = await tempTracker();
    const id = await create('x');
    await json(['issue', 'claim', id, 'a']);
    edit(dir, id, () => ({ state: 'done', claim: null }));
    expect(await json(['issue', 'reopen', id])).toMatchObject({
      state: 'ready',
      assignee: null,
      claim: null,
    });
    expect(await json(['issue', 'claim', id, 'b'])).toMatchObject({ assignee: 'b' });
  });

  it('is not renewed when another one stands in the file', async () => {
    const { dir, json, fails, create } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(['issue', 'claim', id, 'a', '--ttl', '600']);
    const other = {
      since: '2026-01-01T00:00:00.000Z',
      ttl_secs: 5,
      token_hash: 'f'.repeat(64),
      origin: 'elsewhere',
    };
    for (const attempt of [1, 2]) {
      edit(dir, id, () => ({ attempt, assignee: 'other', claim: other }));
      expect(await json(['issue', 'show', id])).toMatchObject({
        assignee: 'other',
        claim: { expires_at: null },
      });
      expect(await fails(['issue', 'heartbeat', id, '--claim', claim.token])).toMatchObject({
        exit: 7,
      });
    }
  });
});

describe('gates', () => {
  it('are not passed by word when their definition can not be read or is gone', async () => {
    const { dir, json, fails, create } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    writeFileSync(join(dir, '.jit', 'gates', 'tests.json'), '<<<<<<< ours\n');
    expect(await fails(['gate', 'pass', id, 'tests'])).toMatchObject({
      exit: 4,
      code: 'UNREADABLE',
    });
    expect(await fails(['issue', 'update', id, '--state', 'done'])).toMatchObject({ exit: 4 });
  });

  it('can not have the name of something that every object has', async () => {
    const { fails } = await tempTracker();
    for (const key of ['constructor', '__proto__', 'toString']) {
      expect(await fails(['gate', 'define', key])).toMatchObject({ exit: 2 });
    }
  });
});

it('a token counts for its issue and not for one whose id begins alike', async () => {
  const { dir, json, run } = await tempTracker();
  for (const id of ['bd-1', 'bd-12']) {
    const issue = {
      schema: 1,
      id,
      title: id,
      state: 'open',
      priority: 'normal',
      created_at: '2026-01-01T00:00:00.000Z',
    };
    writeFileSync(join(dir, '.jit', 'issues', `${id}.json`), JSON.stringify(issue));
  }
  const { claim } = await json('issue claim bd-1 a --ttl 60');
  const env = { JIT_CLAIM: claim.token, JIT_ISSUE_ID: 'bd-1' };
  expect((await run('issue comment bd-12 hello', { env })).exit).toBe(0);
  expect((await run('issue update bd-1 --state done', { env })).exit).toBe(0);
});
