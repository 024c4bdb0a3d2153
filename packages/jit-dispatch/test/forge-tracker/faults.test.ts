import { JitError } from '@jit/contract/errors';
import { describe, expect, test } from 'vitest';
import { startGitea } from '../forge/gitea-server.ts';
import { startGithub } from '../forge/github-server.ts';
import { forgeFolder } from './dispatcher.ts';
import { claimCall, KINDS, shareForge, TOKEN } from './open-tracker.ts';

const SERVERS = { github: startGithub, gitea: startGitea } as const;
const TOO_MANY = { status: 429, headers: { 'retry-after': '120' }, body: { message: 'slow down' } };
const BROKEN = { status: 502, body: '<html>Bad Gateway</html>' };
const HIDDEN = { status: 404, body: { message: 'Not Found' } };
const FORBIDDEN = { status: 403, body: { message: 'Resource not accessible by this token' } };

/** What an attempt fails with. */
async function failureOf(attempt: Promise<unknown>): Promise<JitError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JitError)) throw new Error(`no JitError: ${error}`);
  return error;
}

const isWriting =
  (end: string) =>
  ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith(end);

describe.each(KINDS)('a tracker on %s that misbehaves', (kind) => {
  test('under a rate limit is left alone, and the time is told', async () => {
    const { server, time, open } = await shareForge(kind);
    for (let count = 0; count < 20; count += 1) server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    expect(await tracker.ready()).toHaveLength(20);
    const before = server.got.length;
    server.fault({ does: 'answer', answer: TOO_MANY });
    for (let cycle = 0; cycle < 20; cycle += 1) {
      const error = await failureOf(tracker.ready());
      expect(error).toMatchObject({
        code: 'TRACKER_FAILED',
        retryable: true,
        details: { tracker_code: 'FORGE_RATE_LIMITED' },
      });
      expect(error.message).toContain('its rate limit is used up until');
    }
    const claims = Array.from({ length: 10 }, (_, n) =>
      claimCall(String(n + 1), `${n}`.repeat(20)),
    );
    for (const answer of await tracker.call(claims))
      expect(answer).toMatchObject({ is: 'refused', exit: 10, retryable: true });
    const asked = server.got.length - before;
    expect(asked).toBeLessThanOrEqual(4);
    expect(server.repository.comments).toEqual([]);
    server.heal();
    time.forward(121_000);
    expect(await tracker.ready()).toHaveLength(20);
    console.log(`${kind}: 20 looks and 10 claims under a rate limit made ${asked} requests`);
  });

  test.each(['comments', 'labels'])(
    'that loses its answer to a write of %s has the claim once when it is asked again',
    async (what) => {
      const { server, open } = await shareForge(kind);
      const issue = server.repository.addIssue({ labels: ['ai'] });
      const { tracker } = await open();
      server.fault({ does: 'lose', times: 1, when: isWriting(what) });
      expect(await tracker.call([claimCall('1', TOKEN)])).toMatchObject([
        { is: 'refused', exit: 10, retryable: true },
      ]);
      expect(await tracker.call([claimCall('1', TOKEN)])).toMatchObject([
        { is: 'ok', issues: [{ attempt: 1 }] },
      ]);
      expect(server.repository.comments).toHaveLength(1);
      expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai', 'agent:a']);
    },
  );

  test('with 5xx, half and broken answers is an error, never an empty queue, and makes few requests', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    const counts: Record<string, number> = {};
    for (const fault of [
      { does: 'answer', answer: BROKEN },
      { does: 'half' },
      { does: 'reset' },
    ] as const) {
      const before = server.got.length;
      server.fault(fault);
      expect(await failureOf(tracker.ready())).toMatchObject({
        code: 'TRACKER_FAILED',
        retryable: true,
      });
      counts[fault.does] = server.got.length - before;
      server.heal();
      expect(await tracker.ready()).toMatchObject([{ id: '1' }]);
    }
    for (const count of Object.values(counts)) expect(count).toBeLessThanOrEqual(6);
    console.log(`${kind}: a look at a forge that fails made ${JSON.stringify(counts)} requests`);
  });

  test.each([
    [FORBIDDEN, { exit: 5, code: 'FORGE_FORBIDDEN' }],
    [HIDDEN, { exit: 10, code: 'FORGE_NOT_FOUND' }],
  ])(
    'whose label is refused with $status takes the claim back, and says why',
    async (answer, said) => {
      const { server, open } = await shareForge(kind);
      server.repository.addIssue({ labels: ['ai'] });
      const { tracker } = await open();
      server.fault({ does: 'answer', answer, when: isWriting('labels') });
      expect(await tracker.call([claimCall('1', TOKEN)])).toMatchObject([
        { is: 'refused', retryable: false, ...said },
      ]);
      expect(server.repository.comments).toEqual([]);
      server.heal();
      expect(await tracker.ready()).toMatchObject([{ id: '1', attempt: 0 }]);
    },
  );

  test('whose answer about the label makes no sense keeps the claim, and puts the label on later', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    const answer = { status: 200, body: '<html>hello</html>' };
    server.fault({ does: 'answer', answer, when: isWriting('labels') });
    for (let cycle = 0; cycle < 3; cycle += 1)
      expect(await tracker.call([claimCall('1', TOKEN)])).toMatchObject([
        { is: 'refused', code: 'FORGE_GARBAGE', retryable: true },
      ]);
    expect(server.count('POST', '/comments')).toBe(1);
    server.heal();
    expect(await tracker.call([claimCall('1', TOKEN)])).toMatchObject([{ is: 'ok' }]);
  });

  test('that is refused for a run that has ended is asked again: no end is lost', async () => {
    const { server, time, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    server.tokens.clear();
    const before = server.got.length;
    const calls = [
      { do: 'finish', issue: '1', token: TOKEN },
      { do: 'show', issue: '1' },
      { do: 'heartbeat', issue: '1', token: TOKEN },
    ] as const;
    for (let cycle = 0; cycle < 10; cycle += 1)
      for (const answer of await tracker.call(calls))
        expect(answer).toMatchObject({
          is: 'refused',
          code: 'FORGE_UNAUTHORIZED',
          retryable: true,
        });
    const asked = server.got.length - before;
    expect(asked).toBeLessThanOrEqual(4);
    server.tokens.set('token-of-robot', 'robot');
    time.forward(61_000);
    expect(await tracker.call([calls[0]])).toMatchObject([{ is: 'ok' }]);
    console.log(`${kind}: 30 calls with a revoked token made ${asked} requests`);
  });

  test('that hides the repository is no tracker without claims', async () => {
    const { server, open } = await shareForge(kind);
    const { tracker } = await open();
    server.fault({ does: 'answer', answer: { status: 404, body: { message: 'Not Found' } } });
    expect(
      await tracker.call([
        { do: 'assigned', agent: 'a' },
        { do: 'show', issue: '1' },
      ]),
    ).toMatchObject([
      { is: 'refused', exit: 10, code: 'FORGE_NOT_FOUND', retryable: true },
      { is: 'refused', exit: 10, code: 'FORGE_NOT_FOUND', retryable: true },
    ]);
  });

  test('costs a look no more than pages and what has changed', async () => {
    const { server, open } = await shareForge(kind);
    const { repository } = server;
    for (let count = 0; count < 5; count += 1) repository.addIssue({ labels: ['ai'] });
    for (let count = 0; count < 450; count += 1) repository.addComment(1, 'ann', `word ${count}`);
    for (const issue of repository.issues) issue.updatedAt = '2026-01-01T00:00:00Z';
    const { tracker } = await open();
    const count = async (look: () => Promise<unknown>): Promise<number> => {
      const before = server.got.length;
      await look();
      return server.got.length - before;
    };
    const first = await count(() => tracker.ready());
    const again = await count(() => tracker.ready());
    const pages = kind === 'github' ? 5 : 1;
    expect(first).toBe(1 + 1 + pages + 4);
    expect(again).toBe(1);
    repository.addComment(2, 'ann', 'news');
    const second = repository.findIssue(2);
    if (second !== undefined) second.updatedAt = '2026-01-02T00:00:00Z';
    expect(await count(() => tracker.ready())).toBe(2);
    console.log(
      `${kind}: 5 issues, one with 450 comments: ${first} requests at first, then ${again}`,
    );
  });
});

describe.each(KINDS)('what people do on %s meanwhile', (kind) => {
  test.each(['close it', 'take its label off', 'take the label of the agent off'] as const)(
    '%s: the agent goes on, and its end is settled, as explain says',
    async (what) => {
      const explain = async () =>
        JSON.parse((await folder.dispatch('north', 'explain', '1')).stdout) as object;
      const server = await SERVERS[kind]();
      const { repository } = server;
      const issue = repository.addIssue({ labels: ['ai'] });
      const folder = forgeFolder(kind, server);
      folder.configure('north');
      folder.letWait(true);
      await folder.once('north');
      if (what === 'close it') Object.assign(issue, { state: 'closed', stateReason: 'completed' });
      else repository.unlabel(issue, what === 'take its label off' ? 'ai' : 'agent:ada');
      expect(await folder.once('north')).toMatchObject({ ready: 0, started: [], settled: [] });
      const state = what === 'close it' ? 'done' : 'in_progress';
      expect(await explain()).toMatchObject({ state, verdict: 'running', run: { agent: 'ada' } });
      folder.letWait(false);
      await folder.quiet();
      const settled = { state: 'completed', reason: 'exit_0' };
      expect(await folder.once('north')).toMatchObject({ settled: [settled] });
      expect(await explain()).toMatchObject({ state: 'done', last_run: settled });
      expect(issue.state).toBe('closed');
      expect(repository.labelsOf(issue).map(({ name }) => name)).not.toContain('agent:ada');
      expect(folder.journal()).toEqual(['start ada 1']);
    },
  );

  test.each([
    [FORBIDDEN, 'FORGE_FORBIDDEN'],
    [HIDDEN, 'FORGE_NOT_FOUND'],
  ])(
    'give the token no right ($status): nothing is started, and explain says why',
    async (answer, code) => {
      const server = await SERVERS[kind]();
      server.repository.addIssue({ labels: ['ai'] });
      const folder = forgeFolder(kind, server);
      folder.configure('north');
      server.fault({ does: 'answer', answer, when: isWriting('labels') });
      expect(await folder.once('north')).toMatchObject({
        started: [],
        lost: [{ issue: '1', code }],
      });
      const before = server.got.length;
      expect(await folder.once('north')).toMatchObject({ started: [], lost: [] });
      expect(server.got.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
      const explained = await folder.dispatch('north', 'explain', '1');
      expect(explained.stdout).toContain(answer.body.message);
      expect(folder.journal()).toEqual([]);
    },
  );

  test('under a rate limit, status tells until when', async () => {
    const server = await SERVERS[kind]();
    server.repository.addIssue({ labels: ['ai'] });
    const folder = forgeFolder(kind, server);
    folder.configure('north');
    server.fault({ does: 'answer', answer: TOO_MANY });
    const failed = await folder.dispatch('north', 'once');
    expect(failed).toMatchObject({ exit: 10 });
    const status = JSON.parse((await folder.dispatch('north', 'status')).stdout);
    expect(status.tracker).toMatchObject({
      ok: false,
      error: expect.stringContaining('its rate limit is used up until'),
    });
  });
});
