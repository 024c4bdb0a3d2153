import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('issue update of fields', () => {
  test('changes what is given, notes old and new value, and keeps the rest', async () => {
    const { create, json, events } = await tempTracker();
    const id = await create('x', '--label', 'a', '--meta', 'k=1');
    const updated = await json(
      `issue update ${id} -t "A new title" -p critical -d text --add-label b --remove-label a --acceptance "it works" --meta m=2 --link pr=7 --document docs/a.md --defer-until 2020-01-01T00:00:00Z`,
    );
    expect(updated).toMatchObject({
      title: 'A new title',
      priority: 'critical',
      description: 'text',
      labels: ['b'],
      acceptance_criteria: ['it works'],
      metadata: { k: '1', m: '2' },
      links: { pr: '7' },
      documents: ['docs/a.md'],
      defer_until: '2020-01-01T00:00:00.000Z',
      changed: true,
    });
    const [event] = events().filter(({ type }) => type === 'issue_updated');
    expect(event?.changes).toMatchObject({ title: { from: 'x', to: 'A new title' } });
  });

  test('to what they are already is exit 0, changed: false and no event', async () => {
    const { create, json, events, run } = await tempTracker();
    const id = await create('x', '-p', 'high');
    const count = events().length;
    expect(await json(`issue update ${id} -t x -p high`)).toMatchObject({ changed: false });
    expect(events()).toHaveLength(count);
    expect((await run(`issue update ${id} -t x`)).stdout).toMatch(
      /^\w{4} unchanged · ready · x\n$/,
    );
  });

  test('can empty the description and clear the deferral', async () => {
    const { create, json } = await tempTracker();
    const id = await create('x', '-d', 'text', '--defer-until', '2999-01-01');
    expect(await json(['issue', 'update', id, '-d', '', '--defer-until', 'none'])).toMatchObject({
      description: '',
      defer_until: null,
      state: 'ready',
    });
  });

  test.each([
    ['nothing to change', []],
    ['--define alone', ['--define']],
    ['an empty title', ['-t', '']],
    ['a title of two lines', ['-t', 'a\nb']],
    ['a title given twice', ['-t', 'a', '--title', 'b']],
    ['an unknown priority', ['-p', 'urgent']],
    ['an unknown state', ['--state', 'finished']],
    ['a label both added and removed', ['--add-label', 'a', '--remove-label', 'a']],
    ['a time that is none', ['--defer-until', 'tomorrow']],
    ['a text and a file', ['-d', 'a', '--description-file', 'b']],
    ['--force without a reason', ['--state', 'done', '--force']],
    ['--force with another state', ['--state', 'open', '--force', '--reason', 'x']],
    ['--force without a state', ['-t', 'a', '--force', '--reason', 'x']],
    ['a reason that nothing takes up', ['--state', 'done', '--reason', 'x']],
    ['--override-claim on fields alone', ['-t', 'a', '--override-claim', '--reason', 'x']],
    ['--override-claim to begin', ['--state', 'in_progress', '--override-claim', '--reason', 'x']],
  ])('refuses %s', async (_, flags) => {
    const { create, fails, file } = await tempTracker();
    const id = await create('x');
    const before = file(id);
    expect(await fails(['issue', 'update', id, ...flags])).toMatchObject({ exit: 2 });
    expect(file(id)).toEqual(before);
  });

  test('of an issue that is not there exits 3, and a gate that is not there too', async () => {
    const { create, fails } = await tempTracker();
    expect(await fails('issue update zzzz -t x')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
    const id = await create('x');
    expect(await fails(`issue update ${id} --gate nope`)).toMatchObject({ exit: 3 });
  });

  test('and state are one change: what refuses the state refuses the fields', async () => {
    const { create, fails, file } = await tempTracker();
    const id = await create('x', '--dep', await create('first'));
    const before = file(id);
    expect(await fails(`issue update ${id} -t new --state done`)).toMatchObject({ exit: 4 });
    expect(file(id)).toEqual(before);
  });
});

describe('issue update --state', () => {
  test('in_progress is a claim by the actor and prints the token', async () => {
    const { create, json, fails, run } = await tempTracker();
    const id = await create('x');
    expect(await json(`issue update ${id} --state in_progress --add-label begun`)).toMatchObject({
      state: 'in_progress',
      assignee: 'ana',
      labels: ['begun'],
      claim: { ttl_secs: null, token: expect.any(String) },
    });
    expect(await fails(`issue update ${id} --state in_progress`)).toMatchObject({ exit: 6 });
    const second = await create('y');
    const { stdout } = await run(`issue update ${second} --state in_progress --actor bob`);
    expect(stdout).toMatch(/claimed by bob · in_progress · y\ntoken: /);
  });

  test('in_progress by who holds it, as the environment says, changes nothing', async () => {
    const { create, json } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(`issue claim ${id} agent --ttl 60`);
    const env = { JIT_CLAIM: claim.token, JIT_ISSUE_ID: id, JIT_ACTOR: 'agent' };
    expect(await json(`issue update ${id} --state in_progress`, { env })).toMatchObject({
      changed: false,
      claim,
    });
  });

  test('done finishes it, frees who waited for it, and again changes nothing', async () => {
    const { create, json, run } = await tempTracker();
    const first = await create('first');
    const second = await create('second', '--dep', first);
    expect((await run(`issue update ${first} --state done`)).stdout).toMatch(
      /updated · done · first/,
    );
    expect((await json('query ready')).map(({ id }: { id: string }) => id)).toEqual([second]);
    expect(await json(`issue update ${first} --state done`)).toMatchObject({ changed: false });
  });

  test('done of a blocked issue exits 4; with --force it is done, and that is recorded', async () => {
    const { create, json, fails, events } = await tempTracker();
    const id = await create('x', '--dep', await create('first'));
    expect(await fails(`issue update ${id} --state done`)).toMatchObject({
      exit: 4,
      code: 'BLOCKED',
      details: { blockers: [{ type: 'dependency' }] },
    });
    await json(`issue update ${id} --state done --force --reason "done elsewhere"`);
    expect(events().find(({ type }) => type === 'forced')).toMatchObject({
      reason: 'done elsewhere',
    });
  });

  test('open and ready give a claim back', async () => {
    const { create, json, events } = await tempTracker();
    const id = await create('x');
    for (const state of ['open', 'ready']) {
      await json(`issue claim ${id} one`);
      expect(await json(`issue update ${id} --state ${state} --reason tired`)).toMatchObject({
        state: 'ready',
        assignee: null,
        claim: null,
      });
    }
    expect(events().filter(({ type }) => type === 'claim_released')).toMatchObject([
      { reason: 'tired' },
      { reason: 'tired' },
    ]);
  });

  test('ready of what would not be ready exits 4 and keeps the claim', async () => {
    const { create, json, fails, file, batch } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one`);
    await json(`issue update ${id} --defer-until 2999-01-01`);
    const before = file(id);
    expect(await fails(`issue update ${id} --state ready`)).toMatchObject({
      exit: 4,
      code: 'BLOCKED',
      details: { blockers: [{ type: 'deferred' }] },
    });
    expect(file(id)).toEqual(before);
    const { answers } = await batch([
      ['issue', 'update', id, '--state', 'ready'],
      ['issue', 'update', id, '--state', 'open'],
    ]);
    expect(answers.map(({ exit }) => exit)).toEqual([4, 0]);
    expect(file(id)).toMatchObject({ state: 'open', claim: null });
  });

  test('rejected and archived are reject and archive', async () => {
    const { create, json, fails, events } = await tempTracker();
    const id = await create('x');
    expect(await fails(`issue update ${id} --state archived`)).toMatchObject({ exit: 4 });
    await json(`issue update ${id} --state rejected --reason double`);
    expect(events().at(-1)).toMatchObject({ reason: 'double' });
    expect(await json(`issue update ${id} --state archived`)).toMatchObject({ state: 'archived' });
    expect(await fails(`issue update ${id} --state done`)).toMatchObject({ exit: 4 });
  });
});

describe('an exit gate', () => {
  async function gated() {
    const tracker = await tempTracker();
    await tracker.json('gate define tests --stage done');
    const id = await tracker.create('x', '--gate', 'tests');
    return { ...tracker, id };
  }

  test('makes done gated: exit 4, and the state is gated', async () => {
    const { id, json, fails, run } = await gated();
    const { claim } = await json(`issue claim ${id} one --ttl 60`);
    expect(
      await fails(`issue update ${id} -t new --state done --claim ${claim.token}`),
    ).toMatchObject({
      exit: 4,
      code: 'GATES_OPEN',
      details: { state: 'gated', gates: [{ gate: 'tests', status: 'pending' }] },
    });
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'gated', title: 'new' });
    expect((await run(`issue update ${id} --state done --claim ${claim.token}`)).exit).toBe(4);
    const env = { JIT_CLAIM: claim.token, JIT_ISSUE_ID: id, JIT_ACTOR: 'one' };
    expect(await fails(`issue update ${id} --state in_progress`, { env })).toMatchObject({
      exit: 4,
    });
  });

  test('that passes makes the issue done by itself', async () => {
    const { id, json, fails } = await gated();
    await fails(`issue update ${id} --state done`);
    await json(`gate pass ${id} tests --by ana`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'done' });
  });

  test('that fails gives the issue back to its holder, or opens it', async () => {
    const { id, json, fails } = await gated();
    const { claim } = await json(`issue claim ${id} one --ttl 60`);
    await fails(`issue update ${id} --state done --claim ${claim.token}`);
    await json(`gate fail ${id} tests`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'in_progress', assignee: 'one' });
    await json(`issue release ${id} --claim ${claim.token}`);
    await fails(`issue update ${id} --state done`);
    await json(`gate pass ${id} tests`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'done' });
  });

  test('that had failed before makes done gated, and failing it once more gives the work back', async () => {
    const { id, json, fails, create } = await gated();
    const { claim } = await json(`issue claim ${id} one --ttl 60`);
    await json(`gate fail ${id} tests`);
    expect(await fails(`issue update ${id} --state done --claim ${claim.token}`)).toMatchObject({
      details: { gates: [{ gate: 'tests', status: 'failed' }] },
    });
    const other = await create('other');
    await json(`dep add ${id} ${other}`);
    await json(`issue update ${other} --state done`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'gated' });
    await json(`gate fail ${id} tests`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'in_progress', assignee: 'one' });
  });

  test('stays to be decided when the claim of a gated issue ends', async () => {
    const { id, json, fails } = await gated();
    await json(`issue claim ${id} one`);
    await fails(`issue update ${id} --state done`);
    expect(await json(`issue release ${id}`)).toMatchObject({ state: 'gated', claim: null });
    await json(`gate pass ${id} tests`);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'done' });
  });

  test('is passed over with --force, which is recorded', async () => {
    const { id, json, events } = await gated();
    await json(`issue update ${id} --state done --force --reason "checked by hand"`);
    expect(events().find(({ type }) => type === 'forced')).toMatchObject({ gates: ['tests'] });
  });

  test('cannot be set as a state: exit 4 with what would bring it about', async () => {
    const { id, fails, create } = await gated();
    const refusal = await fails(`issue update ${id} --state gated`);
    expect(refusal).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE', details: { gates: ['tests'] } });
    expect(refusal.hint).toContain('--state done');
    const other = await fails(`issue update ${await create('y')} --state gated`);
    expect(other.hint).toContain('no such gate');
  });
});
