import { describe, expect, test, vi } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

const TOKEN = 'a-token-of-128-bits-or-more';

describe('issue claim', () => {
  test('gives the issue to the assignee and prints the token this once', async () => {
    const { create, json, run } = await tempTracker();
    const id = await create('Implement parser');
    const claimed = await json(`issue claim ${id} copilot-1 --ttl 600`);
    expect(claimed).toMatchObject({
      state: 'in_progress',
      assignee: 'copilot-1',
      attempt: 1,
      changed: true,
      claim: { attempt: 1, ttl_secs: 600, token: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const { token, ...claim } = claimed.claim;
    expect((await json(`issue show ${id}`)).claim).toEqual(claim);
    const everything = `${(await run('issue list --full --json')).stdout}${(await run(`issue show ${id}`)).stdout}`;
    expect(everything).not.toContain(token);
  });

  test('tells people the token on a line of its own', async () => {
    const { create, run } = await tempTracker();
    const id = await create('Implement parser');
    const { exit, stdout } = await run(`issue claim ${id} copilot-1`);
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^\w{4} claimed by copilot-1 · in_progress · Implement parser\ntoken: [0-9a-f]{32}\nattempt 1, no lease\n$/,
    );
  });

  test('of a claimed issue exits 6 with holder, since and the end of the lease', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(`issue claim ${id} one --ttl 60`);
    expect(await fails(`issue claim ${id} one`)).toMatchObject({
      exit: 6,
      code: 'ALREADY_CLAIMED',
      details: { assignee: 'one', since: claim.since, expires_at: claim.expires_at },
    });
  });

  test('of a blocked issue exits 4 with the blockers', async () => {
    const { create, fails } = await tempTracker();
    const first = await create('first');
    const second = await create('second', '--dep', first);
    expect(await fails(`issue claim ${second} one`)).toMatchObject({
      exit: 4,
      code: 'BLOCKED',
      details: { blockers: [{ type: 'dependency', issue: first }] },
    });
  });

  test('of a finished issue exits 4 with the legal moves', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    await json(`issue update ${id} --state done`);
    expect(await fails(`issue claim ${id} one`)).toMatchObject({
      exit: 4,
      code: 'ILLEGAL_MOVE',
      details: { legal_moves: ['reopen', 'archive'] },
    });
  });

  test('with the own token can be repeated and prints the same claim again', async () => {
    const { create, json, fails, events } = await tempTracker();
    const id = await create('x');
    const line = `issue claim ${id} one --ttl 60 --claim ${TOKEN}`;
    const first = await json(line);
    const count = events().length;
    expect(await json(line)).toMatchObject({ changed: false, attempt: 1, claim: first.claim });
    expect(events()).toHaveLength(count);
    expect(await fails(`issue claim ${id} two --claim ${TOKEN}`)).toMatchObject({ exit: 6 });
  });

  test('with the token of a claim that has ended exits 7', async () => {
    const { create, json, fails, file } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one --claim ${TOKEN}`);
    await json(`issue release ${id} --claim ${TOKEN}`);
    const before = file(id);
    expect(await fails(`issue claim ${id} one --claim ${TOKEN}`)).toMatchObject({
      exit: 7,
      code: 'LOST_CLAIM',
    });
    expect(file(id)).toEqual(before);
  });

  test('refuses a token that could be guessed', async () => {
    const { create, fails } = await tempTracker();
    const id = await create('x');
    expect(await fails(`issue claim ${id} one --claim short`)).toMatchObject({ exit: 2 });
    expect(await fails('issue claim-next one --claim short')).toMatchObject({ exit: 2 });
  });

  test('with --max-held exits 6 when the assignee holds so many, and counts live claims only', async () => {
    const { create, json, fails } = await tempTracker();
    const [a, b] = [await create('a'), await create('b')];
    await json(`issue claim ${a} one --max-held 1`);
    expect(await fails(`issue claim ${b} one --max-held 1`)).toMatchObject({
      exit: 6,
      code: 'ASSIGNEE_FULL',
      details: { held: 1, max_held: 1 },
    });
    await json(`issue release ${a}`);
    await json(`issue claim ${b} one --max-held 1`);
  });

  test('of an issue reserved for somebody else exits 6', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    await json(`issue assign ${id} ana`);
    expect(await fails(`issue claim ${id} one`)).toMatchObject({ exit: 6, code: 'RESERVED' });
    await json(`issue claim ${id} ana`);
  });

  test.each([
    ['an empty id', ['issue', 'claim', '', 'one']],
    ['the id null', ['issue', 'claim', 'null', 'one']],
    ['the id undefined', ['issue', 'claim', 'undefined', 'one']],
    ['no assignee', ['issue', 'claim', 'ID']],
    ['an empty assignee', ['issue', 'claim', 'ID', '']],
    ['the assignee null', ['issue', 'claim', 'ID', 'null']],
    ['an assignee of two lines', ['issue', 'claim', 'ID', 'a\nb']],
    ['a ttl of nothing', ['issue', 'claim', 'ID', 'one', '--ttl', '0']],
    ['a negative ttl', ['issue', 'claim', 'ID', 'one', '--ttl=-5']],
    ['a ttl of more than 30 days', ['issue', 'claim', 'ID', 'one', '--ttl', '2592001']],
    ['a ttl that is no number', ['issue', 'claim', 'ID', 'one', '--ttl', 'soon']],
    ['a ttl of NaN', ['issue', 'claim', 'ID', 'one', '--ttl', 'NaN']],
    ['a ttl without end', ['issue', 'claim', 'ID', 'one', '--ttl', 'Infinity']],
    ['a ttl beyond all numbers', ['issue', 'claim', 'ID', 'one', '--ttl', '1e400']],
    ['an empty ttl', ['issue', 'claim', 'ID', 'one', '--ttl', '']],
    ['a ttl given twice', ['issue', 'claim', 'ID', 'one', '--ttl', '5', '--ttl', '6']],
    ['a limit of no claims', ['issue', 'claim', 'ID', 'one', '--max-held', '0']],
    ['a third argument', ['issue', 'claim', 'ID', 'one', 'two']],
    ['an unknown flag', ['issue', 'claim', 'ID', 'one', '--tll', '5']],
  ])('refuses %s', async (_, argv) => {
    const { create, fails, file } = await tempTracker();
    const id = await create('x');
    expect(await fails(argv.map((word) => (word === 'ID' ? id : word)))).toMatchObject({ exit: 2 });
    expect(file(id)).toMatchObject({ state: 'open', attempt: 0 });
  });

  test('of an issue that is not there exits 3', async () => {
    const { fails } = await tempTracker();
    expect(await fails('issue claim zzzz one')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
  });
});

describe('issue claim-next', () => {
  test('takes the most urgent, then the oldest', async () => {
    const { create, json } = await tempTracker();
    const low = await create('low', '-p', 'low');
    const first = await create('first', '-p', 'high');
    await create('second', '-p', 'high');
    expect((await json('issue claim-next one')).id).toBe(first);
    expect((await json('issue claim-next one -p low')).id).toBe(low);
  });

  test('passes over what is reserved for others and what does not carry the labels', async () => {
    const { create, json, fails } = await tempTracker();
    const reserved = await create('reserved', '-p', 'critical', '--label', 'area:parser');
    await json(`issue assign ${reserved} ana`);
    const other = await create('other', '--label', 'area:parser');
    await create('unlabelled', '-p', 'critical');
    expect((await json('issue claim-next one --label area:parser')).id).toBe(other);
    expect(await fails('issue claim-next one --label area:parser')).toMatchObject({ exit: 3 });
    expect((await json('issue claim-next ana --label area:parser')).id).toBe(reserved);
  });

  test('exits 3 when nothing is ready', async () => {
    const { fails } = await tempTracker();
    expect(await fails('issue claim-next one')).toMatchObject({ exit: 3, code: 'NOTHING_READY' });
  });

  test('with the own token can be repeated', async () => {
    const { create, json } = await tempTracker();
    await create('a');
    await create('b');
    const line = `issue claim-next one --ttl 60 --claim ${TOKEN}`;
    const first = await json(line);
    expect(await json(line)).toMatchObject({ id: first.id, changed: false, claim: first.claim });
  });

  test('with --max-held exits 6', async () => {
    const { create, json, fails } = await tempTracker();
    await create('a');
    await create('b');
    await json('issue claim-next one --max-held 1');
    expect(await fails('issue claim-next one --max-held 1')).toMatchObject({ exit: 6 });
  });
});

describe('a lease', () => {
  test('that is over gives the issue back, says so, and kills the token', async () => {
    const { create, json, fails, events } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(`issue claim ${id} one --ttl 1`);
    const expired = () => json(`issue show ${id}`);
    await vi.waitFor(async () => expect((await expired()).state).toBe('ready'), 5000);
    expect(await expired()).toMatchObject({
      assignee: null,
      claim: null,
      last_claim: { assignee: 'one', attempt: 1, ended_at: claim.expires_at, reason: 'expired' },
    });
    expect(await fails(`issue update ${id} --state done --claim ${claim.token}`)).toMatchObject({
      exit: 7,
    });
    expect(await json(`issue claim ${id} two`)).toMatchObject({ attempt: 2, assignee: 'two' });
    expect(events().find(({ type }) => type === 'claim_expired')).toMatchObject({
      issue: id,
      at: claim.expires_at,
      assignee: 'one',
    });
    expect(await fails(`issue heartbeat ${id} --claim ${claim.token}`)).toMatchObject({ exit: 7 });
  });

  test('that is over is resumed by a heartbeat if nobody took the issue', async () => {
    const { create, json } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(`issue claim ${id} one --ttl 1`);
    await vi.waitFor(
      async () => expect((await json(`issue show ${id}`)).state).toBe('ready'),
      5000,
    );
    expect(await json(`issue heartbeat ${id} --claim ${claim.token} --ttl 60`)).toMatchObject([
      { id, attempt: 1, resumed: true },
    ]);
    expect(await json(`issue show ${id}`)).toMatchObject({ state: 'in_progress', assignee: 'one' });
    await json(`issue update ${id} --state done --claim ${claim.token}`);
  });
});

describe('issue heartbeat', () => {
  test('prints a list, also for one id, and writes no event', async () => {
    const { create, json, run, events } = await tempTracker();
    const id = await create('x');
    const { claim } = await json(`issue claim ${id} one --ttl 60`);
    const count = events().length;
    const [renewed] = await json(`issue heartbeat ${id} --claim ${claim.token} --ttl 600`);
    expect(renewed).toMatchObject({ id, attempt: 1, resumed: false });
    expect(Date.parse(renewed.expires_at)).toBeGreaterThan(Date.parse(claim.expires_at));
    expect(events()).toHaveLength(count);
    expect((await run(`issue heartbeat ${id} --claim ${claim.token}`)).stdout).toMatch(
      /^\w+ renewed · lease until \S+Z\n$/,
    );
  });

  test('takes the token from the environment, for the issue it belongs to only', async () => {
    const { create, json, fails } = await tempTracker();
    const [a, b] = [await create('a'), await create('b')];
    const { claim } = await json(`issue claim ${a} one --ttl 60`);
    await json(`issue claim ${b} one --ttl 60`);
    const env = { JIT_CLAIM: claim.token, JIT_ISSUE_ID: a };
    await json(`issue heartbeat ${a}`, { env });
    expect(await fails(`issue heartbeat ${a} ${b}`, { env })).toMatchObject({ exit: 2 });
    expect(await fails(`issue heartbeat ${a}`)).toMatchObject({ exit: 2, code: 'USAGE' });
  });

  test('of several ids renews all or none', async () => {
    const { create, json, fails } = await tempTracker();
    const [a, b, c] = [await create('a'), await create('b'), await create('c')];
    for (const id of [a, b]) await json(`issue claim ${id} one --ttl 60 --claim ${TOKEN}`);
    await json(`issue claim ${c} two --ttl 60`);
    expect(await json(`issue heartbeat ${a} ${b} ${a} --claim ${TOKEN}`)).toHaveLength(2);
    const before = await json(`issue show ${a}`);
    expect(await fails(`issue heartbeat ${a} ${c} --claim ${TOKEN}`)).toMatchObject({ exit: 7 });
    expect(await json(`issue show ${a}`)).toEqual(before);
  });

  test('of a claim without a lease exits 2', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one --claim ${TOKEN}`);
    expect(await fails(`issue heartbeat ${id} --claim ${TOKEN}`)).toMatchObject({ exit: 2 });
  });
});
