import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

const OWNER_LINES = [
  ['update --state done', (id: string) => `issue update ${id} --state done`],
  ['update --state open', (id: string) => `issue update ${id} --state open`],
  ['update --state ready', (id: string) => `issue update ${id} --state ready`],
  ['update --state rejected', (id: string) => `issue update ${id} --state rejected`],
  ['release', (id: string) => `issue release ${id}`],
  ['reassign', (id: string) => `issue reassign ${id} two`],
  ['reject', (id: string) => `issue reject ${id}`],
  ['delete', (id: string) => `issue delete ${id}`],
] as const;

const FREE_LINES = [
  ['update of fields', (id: string) => `issue update ${id} --add-label x`],
  ['comment', (id: string) => `issue comment ${id} text`],
] as const;

async function held(ttl = '--ttl 600') {
  const tracker = await tempTracker();
  const id = await tracker.create('x');
  const { claim } = await tracker.json(`issue claim ${id} one ${ttl}`);
  const state = () => ({ file: tracker.file(id), events: tracker.events() });
  return { ...tracker, id, token: claim.token as string, state };
}

describe.each(OWNER_LINES)('with a live lease %s', (_, line) => {
  test('without the token exits 6 and changes nothing', async () => {
    const { id, fails, state } = await held();
    const before = state();
    expect(await fails(line(id))).toMatchObject({
      exit: 6,
      code: 'CLAIM_HELD',
      details: { assignee: 'one' },
    });
    expect(state()).toEqual(before);
  });

  test('with another token exits 7 and changes nothing', async () => {
    const { id, fails, state } = await held();
    const before = state();
    expect(await fails(`${line(id)} --claim 0123456789abcdef0123456789abcdef`)).toMatchObject({
      exit: 7,
      code: 'LOST_CLAIM',
    });
    expect(state()).toEqual(before);
  });

  test('with the token works, given as a flag or by the environment', async () => {
    const byFlag = await held();
    await byFlag.json(`${line(byFlag.id)} --claim ${byFlag.token}`);
    const byEnv = await held();
    const env = { JIT_CLAIM: byEnv.token, JIT_ISSUE_ID: byEnv.id };
    await byEnv.json(line(byEnv.id), { env });
  });

  test('with the token of the environment for another issue exits 6', async () => {
    const { id, token, fails } = await held();
    const env = { JIT_CLAIM: token, JIT_ISSUE_ID: 'another' };
    expect(await fails(line(id), { env })).toMatchObject({ exit: 6 });
  });

  test("on a person's word works, is recorded, and kills the old token", async () => {
    const { id, token, json, fails, events } = await held();
    await json(`${line(id)} --override-claim --reason "the agent hangs"`);
    expect(events().find(({ type }) => type === 'claim_overridden')).toMatchObject({
      issue: id,
      assignee: 'one',
      reason: 'the agent hangs',
      actor: 'ana',
    });
    const late = await fails(`issue heartbeat ${id} --claim ${token}`);
    expect([3, 4, 7]).toContain(late.exit);
  });

  test('refuses to override without a reason, or with a token', async () => {
    const { id, token, fails } = await held();
    expect(await fails(`${line(id)} --override-claim`)).toMatchObject({ exit: 2 });
    expect(await fails(`${line(id)} --override-claim --reason x --claim ${token}`)).toMatchObject({
      exit: 2,
    });
  });
});

describe.each(OWNER_LINES)('with a claim without a lease %s', (_, line) => {
  test('works for anyone, but that delete takes the work itself away', async () => {
    const { id, json, fails, events } = await held('');
    if (line(id).startsWith('issue delete')) {
      expect(await fails(line(id))).toMatchObject({ exit: 6, code: 'CLAIM_HELD' });
      return;
    }
    await json(line(id), { env: { JIT_ACTOR: 'bob' } });
    expect(events().filter(({ actor }) => actor === 'bob')).not.toEqual([]);
  });

  test('with a token that is not current still exits 7', async () => {
    const { id, fails, state } = await held('');
    const before = state();
    expect(await fails(`${line(id)} --claim 0123456789abcdef0123456789abcdef`)).toMatchObject({
      exit: 7,
    });
    expect(state()).toEqual(before);
  });
});

describe.each(FREE_LINES)('with a live lease %s', (_, line) => {
  test('needs no token', async () => {
    const { id, json } = await held();
    await json(line(id));
  });

  test('with the token of somebody who lost the claim exits 7', async () => {
    const { id, token, json, fails, state } = await held();
    await json(`issue reassign ${id} two --claim ${token}`);
    const before = state();
    expect(await fails(`${line(id)} --claim ${token}`)).toMatchObject({ exit: 7 });
    expect(state()).toEqual(before);
  });
});

describe('the last holder', () => {
  test.each([
    ['done', (id: string) => `issue update ${id} --state done`],
    ['released', (id: string) => `issue release ${id}`],
    ['rejected', (id: string) => `issue reject ${id}`],
  ])('repeating that it is %s gets exit 0 and changed: false', async (_, line) => {
    const { id, token, json, state } = await held();
    await json(`${line(id)} --claim ${token}`);
    const before = state();
    expect(await json(`${line(id)} --claim ${token}`)).toMatchObject({ changed: false });
    expect(state()).toEqual(before);
  });

  test.each([
    ['done after release', 'release', '--state done'],
    ['released after done', 'done', '--state open'],
  ])('saying that it is %s gets exit 7', async (_, first, second) => {
    const { id, token, json, fails } = await held();
    const before = first === 'release' ? `issue release ${id}` : `issue update ${id} --state done`;
    await json(`${before} --claim ${token}`);
    expect(await fails(`issue update ${id} ${second} --claim ${token}`)).toMatchObject({ exit: 7 });
  });
});

test('reassign gives a new attempt and token, and keeps the length of the lease', async () => {
  const { id, token, json, fails, run } = await held();
  const moved = await json(`issue reassign ${id} two --claim ${token}`);
  expect(moved).toMatchObject({
    state: 'in_progress',
    assignee: 'two',
    attempt: 2,
    claim: { attempt: 2, ttl_secs: 600 },
  });
  expect(moved.claim.token).not.toBe(token);
  expect(await fails(`issue release ${id} --claim ${token}`)).toMatchObject({ exit: 7 });
  const { stdout } = await run(`issue reassign ${id} three --ttl 60 --claim ${moved.claim.token}`);
  expect(stdout).toContain('reassigned to three · in_progress');
});

test('reassign of an issue that nobody holds exits 4', async () => {
  const { create, fails } = await tempTracker();
  expect(await fails(`issue reassign ${await create('x')} two`)).toMatchObject({ exit: 4 });
});
