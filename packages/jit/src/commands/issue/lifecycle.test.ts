import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

test('the commands of the seed work word for word', async () => {
  const { json, run } = await tempTracker();
  const made = await json('issue create -t "Implement parser" -p high');
  const { id } = made;
  expect(made).toMatchObject({ title: 'Implement parser', priority: 'high', state: 'ready' });
  const [ready] = await json('query ready');
  expect(ready.id).toBe(id);
  expect((await run(`issue claim ${id} copilot-1`)).exit).toBe(0);
  expect((await run(`issue release ${id}`)).exit).toBe(0);
  expect((await run(`issue claim ${id} copilot-1`)).exit).toBe(0);
  expect((await run(`issue update ${id} --state done`)).exit).toBe(0);
  expect((await json(`issue show ${id}`)).state).toBe('done');
});

describe('issue release', () => {
  test('gives it back with reason, class and deferral in the event', async () => {
    const { create, json, events, run } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one`);
    const released = await json(
      `issue release ${id} "out of quota" --failed rate_limit --defer 900`,
    );
    expect(released).toMatchObject({
      state: 'open',
      assignee: null,
      blockers: [{ type: 'deferred' }],
    });
    expect(events().find(({ type }) => type === 'claim_released')).toMatchObject({
      reason: 'out of quota',
      failed: 'rate_limit',
      assignee: 'one',
      defer_until: released.defer_until,
    });
    expect((await run(`issue release ${id}`)).stdout).toMatch(/^\w{4} unchanged · open/);
  });

  test('again changes nothing; of a finished issue exits 4', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    expect(await json(`issue release ${id}`)).toMatchObject({ changed: false });
    await json(`issue update ${id} --state done`);
    expect(await fails(`issue release ${id}`)).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
  });

  test('asked for as ready, it is refused where the issue does not end up ready', async () => {
    const { create, json, fails, file } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    await json(`issue claim ${id} one`);
    await fails(`issue update ${id} --state done`);
    const before = file(id);
    const ready = `issue update ${id} --state ready`;
    expect(await fails(ready)).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
    expect(file(id)).toEqual(before);
    await json(`issue release ${id}`);
    expect(await fails(ready)).toMatchObject({ exit: 4, details: { state: 'gated' } });
  });

  test.each([
    ['a reason given twice', ['why', '--reason', 'why']],
    ['an unknown class', ['--failed', 'bad_luck']],
    ['a negative deferral', ['--defer=-1']],
    ['an endless deferral', ['--defer', '1e12']],
    ['an empty reason', ['']],
  ])('refuses %s', async (_, words) => {
    const { create, fails } = await tempTracker();
    const id = await create('x');
    expect(await fails(['issue', 'release', id, ...words])).toMatchObject({ exit: 2 });
  });
});

describe('issue assign and unassign', () => {
  test('reserve an issue and end that', async () => {
    const { create, json, run } = await tempTracker();
    const id = await create('x');
    expect(await json(`issue assign ${id} bob`)).toMatchObject({ assignee: 'bob', state: 'ready' });
    expect(await json(`issue assign ${id} bob`)).toMatchObject({ changed: false });
    expect((await run(`issue show ${id}`)).stdout).toContain('reserved for bob');
    expect(await json(`issue unassign ${id}`)).toMatchObject({ assignee: null, changed: true });
    expect(await json(`issue unassign ${id}`)).toMatchObject({ changed: false });
  });

  test('of a claimed issue exit 6, of a finished one 4', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one`);
    expect(await fails(`issue assign ${id} two`)).toMatchObject({ exit: 6 });
    expect(await fails(`issue unassign ${id}`)).toMatchObject({ exit: 6 });
    await json(`issue update ${id} --state done`);
    expect(await fails(`issue assign ${id} two`)).toMatchObject({ exit: 4 });
    expect(await fails(['issue', 'assign', id, 'undefined'])).toMatchObject({ exit: 2 });
  });
});

describe('issue reject, reopen and archive', () => {
  test('move an issue and note why', async () => {
    const { create, json, events } = await tempTracker();
    const id = await create('x');
    expect(await json(`issue reject ${id} --reason double`)).toMatchObject({ state: 'rejected' });
    expect(await json(`issue reject ${id}`)).toMatchObject({ changed: false });
    expect(await json(`issue reopen ${id} --reason "not so"`)).toMatchObject({ state: 'ready' });
    expect(await json(`issue reopen ${id}`)).toMatchObject({ changed: false });
    await json(`issue update ${id} --state done`);
    expect(await json(`issue archive ${id}`)).toMatchObject({ state: 'archived' });
    expect(await json(`issue archive ${id}`)).toMatchObject({ changed: false });
    const reasons = events().flatMap((event) => event.reason ?? []);
    expect(reasons).toEqual(['double', 'not so']);
  });

  test('reopening says in the log whose issue it was before', async () => {
    const { create, json, events } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} bob`);
    await json(`issue update ${id} --state done`);
    expect(await json(`issue reopen ${id}`)).toMatchObject({ assignee: null });
    expect(events().filter(({ type }) => type === 'assigned')).toMatchObject([
      { from: 'bob', to: null, cause: 'reopened' },
    ]);
  });

  test('exit 4 where the state does not allow it, with the legal moves', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    expect(await fails(`issue archive ${id}`)).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
    await json(`issue update ${id} --state done`);
    expect(await fails(`issue reject ${id}`)).toMatchObject({ exit: 4 });
    await json(`issue archive ${id}`);
    expect(await fails(`issue reopen ${id}`)).toMatchObject({
      exit: 4,
      details: { legal_moves: [] },
    });
  });
});

describe('issue delete', () => {
  test('removes the file and keeps the events', async () => {
    const { create, json, run, fails, events } = await tempTracker();
    const id = await create('x');
    expect(await json(`issue delete ${id}`)).toEqual({ id, deleted: true, detached: [] });
    expect(events().at(-1)).toMatchObject({ type: 'issue_deleted', issue: id });
    expect(await fails(`issue delete ${id}`)).toMatchObject({ exit: 3, code: 'DELETED' });
    const second = await create('y');
    expect((await run(`issue delete ${second}`)).stdout).toBe(`deleted ${second}\n`);
  });

  test('is refused while others depend on it, unless their edges go with it', async () => {
    const { create, json, fails } = await tempTracker();
    const first = await create('first');
    const second = await create('second', '--dep', first);
    expect(await fails(`issue delete ${first}`)).toMatchObject({
      exit: 4,
      code: 'HAS_DEPENDENTS',
      details: { dependents: [second] },
    });
    expect(await json(`issue delete ${first} --detach`)).toMatchObject({ detached: [second] });
    expect(await json(`issue show ${second}`)).toMatchObject({ state: 'ready', dependencies: [] });
  });

  test('of a held issue names its holder and frees the slot', async () => {
    const { create, json, events } = await tempTracker();
    const [a, b] = [await create('a'), await create('b')];
    const { claim } = await json(`issue claim ${a} one`);
    await json(`issue delete ${a} --claim ${claim.token}`);
    expect(events().at(-1)).toMatchObject({ actor: 'ana', holder: 'one', title: 'a' });
    await json(`issue claim ${b} one --max-held 1`);
  });

  test('with its edges lets a gated issue that only waited for it become done', async () => {
    const { create, json, fails } = await tempTracker();
    await json('gate define tests --stage done');
    const first = await create('first');
    const second = await create('second', '--gate', 'tests');
    await fails(`issue update ${second} --state done`);
    await json(`dep add ${second} ${first}`);
    await json(`gate pass ${second} tests`);
    expect(await json(`issue show ${second}`)).toMatchObject({ state: 'gated' });
    await json(`issue delete ${first} --detach`);
    expect(await json(`issue show ${second}`)).toMatchObject({ state: 'done' });
  });
});

describe('issue comment', () => {
  test('adds a comment and prints it', async () => {
    const { create, json, run, events } = await tempTracker();
    const id = await create('x');
    const added = await json(`issue comment ${id} "The parser is in"`);
    expect(added).toMatchObject({ by: 'ana', text: 'The parser is in' });
    expect(events().at(-1)).toMatchObject({ type: 'comment_added', id: added.id });
    await run(`issue comment ${id} --text second --actor bob`);
    expect((await json(`issue show ${id}`)).comments).toMatchObject([
      added,
      { by: 'bob', text: 'second' },
    ]);
    expect((await run(`issue show ${id}`)).stdout).toContain(`${added.at} ana: The parser is in`);
  });

  test('takes text from stdin byte for byte', async () => {
    const { create, json } = await tempTracker();
    const id = await create('x');
    const text = '`a` $(b) "c" \\d\r\nlast line';
    expect((await json(`issue comment ${id} --text-file -`, { stdin: text })).text).toBe(text);
  });

  test.each([
    ['no text', []],
    ['an empty text', ['']],
    ['a blank text', [' \n']],
    ['an empty --text', ['--text', '']],
    ['two texts', ['a', '--text', 'b']],
    ['an empty stdin', ['--text-file', '-']],
  ])('refuses %s', async (_, words) => {
    const { create, fails } = await tempTracker();
    const id = await create('x');
    expect(await fails(['issue', 'comment', id, ...words])).toMatchObject({ exit: 2 });
  });
});

test('a long reason comes from a file', async () => {
  const { create, json, fails, dir, events } = await tempTracker();
  const id = await create('x');
  const file = join(dir, 'why.txt');
  writeFileSync(file, 'first line\nsecond "line"\n');
  await json(['issue', 'reject', id, '--reason-file', file]);
  await json(['issue', 'reopen', id, '--reason-file', file]);
  const reasons = events().filter(({ type }) => type === 'state_changed');
  expect(reasons.map(({ reason }) => reason)).toEqual(Array(2).fill('first line\nsecond "line"\n'));
  const both = ['issue', 'reject', id, '--reason', 'a', '--reason-file', file];
  expect(await fails(both)).toMatchObject({ exit: 2 });
});
