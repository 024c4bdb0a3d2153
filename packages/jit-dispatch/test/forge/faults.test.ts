import { inspect } from 'node:util';
import { JitError, toErrorObject } from '@jit/contract/errors';
import { describe, expect, test } from 'vitest';
import { FORGES } from './open-forges.ts';

const ALL = { labels: [], state: 'all', since: null } as const;
const TOO_MANY = { status: 429, headers: { 'retry-after': '120' }, body: { message: 'slow down' } };

/** What an attempt fails with. */
async function failureOf(attempt: Promise<unknown>): Promise<JitError> {
  const outcome = await attempt.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`did not fail: ${inspect(outcome.value)}`);
  if (!(outcome.error instanceof JitError)) throw outcome.error;
  return outcome.error;
}

describe.each(['github', 'gitea'] as const)('%s that misbehaves', (kind) => {
  const open = FORGES[kind];

  test('is left alone after a rate limit until it said, by all who use the account', async () => {
    const { forge, server, time, again } = await open();
    server.repository.addIssue();
    server.fault({ does: 'answer', answer: TOO_MANY });
    const calls = Array.from({ length: 40 }, () => failureOf(forge.findIssue(1)));
    const errors = await Promise.all(calls);
    const atOnce = server.got.length;
    expect(atOnce).toBeLessThanOrEqual(4);
    for (const error of errors) {
      expect(error).toMatchObject({
        kind: 'external',
        code: 'FORGE_RATE_LIMITED',
        retryable: true,
        details: { retry_at: expect.any(String) },
      });
      const waits = Date.parse(String(error.details.retry_at)) - time.now();
      expect(waits).toBeGreaterThan(0);
      expect(waits).toBeLessThanOrEqual(120_000);
    }
    const other = await again();
    await failureOf(other.addComment(1, 'x'));
    time.forward(60_000);
    await failureOf(forge.findIssue(1));
    expect(server.got).toHaveLength(atOnce);

    server.heal();
    await failureOf(forge.findIssue(1));
    expect(server.got).toHaveLength(atOnce);
    time.forward(60_001);
    expect(await forge.findIssue(1)).toMatchObject({ number: 1 });
    expect(time.pauses).toEqual([]);
    console.log(`${kind}: 43 calls under a rate limit made ${atOnce} requests`);
  });

  test('tells a missing right from a rate limit, and is asked again', async () => {
    const { forge, server } = await open();
    server.repository.addIssue();
    const answer = { status: 403, body: { message: 'token has not the scope' } };
    server.fault({ does: 'answer', answer, times: 1 });
    expect(await failureOf(forge.addComment(1, 'x'))).toMatchObject({
      kind: 'permission',
      code: 'FORGE_FORBIDDEN',
      retryable: false,
      message: expect.stringMatching(
        /^POST \S*\/repos\/acme\/anvil\/issues\/1\/comments: 127\.0\.0\.1:\d+ answered 403: token has not the scope$/,
      ),
      details: { status: 403 },
    });
    expect(await forge.findIssue(1)).toMatchObject({ number: 1 });
  });

  test.each(['5xx', 'reset', 'half'] as const)(
    'by %s is asked three times to read, once to write',
    async (what) => {
      const { forge, server, time } = await open();
      server.repository.addIssue();
      const answer = { status: 502, body: '<html>Bad Gateway</html>' };
      const fault = what === '5xx' ? ({ does: 'answer', answer } as const) : { does: what };
      server.fault({ ...fault, times: 2 });
      expect(await forge.findIssue(1)).toMatchObject({ number: 1 });
      expect(server.got).toHaveLength(3);
      expect(time.pauses).toEqual([1000, 4000]);

      server.fault(fault);
      const code = what === 'half' ? 'FORGE_GARBAGE' : 'FORGE_UNAVAILABLE';
      const reading = await failureOf(forge.listIssues(ALL));
      expect(reading).toMatchObject({ kind: 'external', code, retryable: true });
      expect(server.got).toHaveLength(6);
      const writing = await failureOf(forge.addComment(1, 'x'));
      expect(writing).toMatchObject({ code, details: { may_have_happened: true } });
      expect(server.got).toHaveLength(7);
      console.log(`${kind}: ${what} for ever: 3 requests to read, 1 to write`);
    },
  );

  test('that is not there did not get what was written', async () => {
    const { forge, server } = await open();
    server.close();
    expect(await failureOf(forge.addComment(1, 'x'))).toMatchObject({
      code: 'FORGE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
      retryable: true,
      details: { may_have_happened: false },
    });
  });

  test('that did what was asked and lost its answer is looked at by the marker', async () => {
    const { forge, server } = await open();
    server.repository.addIssue();
    server.fault({ does: 'lose', times: 1 });
    const error = await failureOf(forge.addComment(1, 'claim <!-- run-7 -->'));
    expect(error.details).toMatchObject({ may_have_happened: true });
    expect(await forge.findComment(1, '<!-- run-7 -->')).toMatchObject({ author: 'robot' });
    expect(server.repository.comments).toHaveLength(1);
  });

  test('that adds a label and loses the answer does no harm when it is asked again', async () => {
    const { forge, server } = await open();
    server.repository.addIssue();
    const label = { name: 'agent:ann', color: '0075ca', description: '' };
    server.fault({ does: 'lose', times: 1, when: ({ method }) => method === 'POST' });
    await failureOf(forge.addLabel(1, label));
    await forge.addLabel(1, label);
    expect(server.repository.labels).toHaveLength(1);
    expect(await forge.findIssue(1)).toMatchObject({ labels: ['agent:ann'] });
  });

  test('that answers something else than expected is no empty list', async () => {
    const { forge, server } = await open();
    const bodies = [
      { message: 'Something went wrong' },
      '<html>Sign in</html>',
      [{ number: 'x' }],
      7,
    ];
    for (const body of bodies) {
      server.heal();
      server.fault({ does: 'answer', answer: { status: 200, body } });
      expect(await failureOf(forge.listIssues(ALL))).toMatchObject({
        kind: 'external',
        code: 'FORGE_GARBAGE',
      });
      expect(await failureOf(forge.findIssue(1))).toMatchObject({ code: 'FORGE_GARBAGE' });
      expect(await failureOf(forge.addComment(1, 'x'))).toMatchObject({
        code: 'FORGE_GARBAGE',
        details: { may_have_happened: true },
      });
    }
    expect(server.got).toHaveLength(3 * bodies.length);
  });

  test('that sends without end is cut off', async () => {
    const { forge, server } = await open();
    const body = { message: 'x'.repeat(17 * 1024 * 1024) };
    server.fault({ does: 'answer', answer: { status: 200, body } });
    expect(await failureOf(forge.findIssue(1))).toMatchObject({
      code: 'FORGE_GARBAGE',
      message: expect.stringContaining('more than 16777216 bytes'),
    });
    expect(server.got).toHaveLength(1);
  });

  test('that hangs is given up at the time limit, once', async () => {
    const { forge, server, time } = await open();
    server.fault({ does: 'hang' });
    const reading = failureOf(forge.findIssue(1));
    await expect.poll(() => server.got.length).toBe(1);
    time.expire();
    expect(await reading).toMatchObject({
      code: 'FORGE_TIMEOUT',
      retryable: true,
      message: expect.stringContaining('did not answer within 30 s'),
      details: { may_have_happened: false },
    });
    const writing = failureOf(forge.addComment(1, 'x'));
    await expect.poll(() => server.got.length).toBe(2);
    time.expire();
    expect(await writing).toMatchObject({
      code: 'FORGE_TIMEOUT',
      details: { may_have_happened: true },
    });
    expect(server.got).toHaveLength(2);
    expect(time.pauses).toEqual([]);
  });

  test('with pages without end is not followed for ever', async () => {
    const { forge, server } = await open();
    server.repository.addIssue();
    const [issue] = await forge.listIssues(ALL);
    const whole = {
      ...issue,
      html_url: 'x',
      user: null,
      labels: [],
      assignees: [],
    };
    const headers = { link: '<https://elsewhere.example/x?page=2&per_page=100>; rel="next"' };
    server.fault({ does: 'answer', answer: { status: 200, body: [whole], headers } });
    expect(await failureOf(forge.listIssues(ALL))).toMatchObject({
      code: 'FORGE_TOO_MANY_PAGES',
      message: 'there are more than 100 pages of issues',
    });
    expect(server.got).toHaveLength(101);
  });

  test('that points elsewhere does not get the token sent there', async () => {
    const { forge, server } = await open();
    const elsewhere = await open();
    server.repository.addIssue();
    const location = `${elsewhere.server.url}/repos/acme/anvil/issues/1`;
    const moved = { status: 307, headers: { location }, body: { message: 'moved' } };
    server.fault({ does: 'answer', answer: moved });
    expect(await failureOf(forge.addComment(1, 'x'))).toMatchObject({ code: 'FORGE_MOVED' });
    expect(await failureOf(forge.findIssue(1))).toMatchObject({ code: 'FORGE_MOVED' });
    expect(await failureOf(forge.listIssues(ALL))).toMatchObject({ code: 'FORGE_MOVED' });
    server.heal();
    const headers = { link: `<${elsewhere.server.url}/x?page=2>; rel="next"` };
    server.fault({ does: 'answer', answer: { status: 200, body: [], headers }, times: 1 });
    await forge.listIssues(ALL);
    expect(elsewhere.server.got).toEqual([]);
  });

  test('that renamed the repository is not one without issues', async () => {
    const { forge, server } = await open();
    server.fault({
      does: 'answer',
      answer: { status: 301, body: { message: 'Moved Permanently' } },
    });
    expect(await failureOf(forge.findIssue(1))).toMatchObject({ code: 'FORGE_MOVED' });
    expect(await failureOf(forge.hasBranch('main'))).toMatchObject({ code: 'FORGE_MOVED' });
  });
});

describe.each(['github', 'gitea'] as const)('a token of %s', (kind) => {
  const open = FORGES[kind];

  test('that was revoked is tried once, and one that took its place within the same call', async () => {
    const { server, time, openWith } = await open();
    server.repository.addIssue();
    const environment = { FORGE_TOKEN: 'token-of-robot' };
    const forge = await openWith(environment);
    await forge.findIssue(1);
    server.tokens.clear();
    const errors = [];
    for (let count = 0; count < 20; count += 1)
      errors.push(await failureOf(forge.addComment(1, 'x')));
    expect(errors.at(-1)).toMatchObject({
      kind: 'permission',
      code: 'FORGE_UNAUTHORIZED',
      hint: 'put a valid token into variable FORGE_TOKEN; it is read again by itself',
    });
    expect(server.got).toHaveLength(2);

    time.forward(61_000);
    await failureOf(forge.findIssue(1));
    expect(server.got).toHaveLength(3);

    server.tokens.set('another-one', 'robot');
    environment.FORGE_TOKEN = 'another-one';
    expect(await forge.addComment(1, 'y')).toMatchObject({ body: 'y' });
    server.tokens.clear();
    server.tokens.set('the-third-one', 'ann');
    environment.FORGE_TOKEN = 'the-third-one';
    expect(await forge.addComment(1, 'z')).toMatchObject({ author: 'ann' });
    expect(server.repository.comments.map(({ body }) => body)).toEqual(['y', 'z']);
    console.log(`${kind}: 20 calls with a revoked token made 1 request`);
  });

  test('stands in no error, also where the forge repeats it', async () => {
    const { forge, server, time } = await open();
    const body = { message: 'what is token-of-robot?', errors: ['token-of-robot'] };
    const texts: string[] = [];
    for (const status of [200, 301, 401, 403, 404, 409, 422, 429, 500]) {
      server.heal();
      time.forward(3_600_000);
      server.fault({ does: 'answer', answer: { status, body } });
      const error = await failureOf(forge.addComment(1, 'x'));
      texts.push(inspect(error, { depth: 9 }), JSON.stringify(toErrorObject(error)));
    }
    server.close();
    texts.push(inspect(await failureOf(forge.findIssue(1)), { depth: 9 }));
    expect(texts.filter((text) => text.includes('token-of-robot'))).toEqual([]);
    expect(texts.some((text) => text.includes('what is [token]?'))).toBe(true);
    expect(texts).toHaveLength(19);
  });

  test('that is missing makes no request', async () => {
    const { server, openWith } = await open();
    const forge = await openWith({});
    expect(await failureOf(forge.findIssue(1))).toMatchObject({
      kind: 'permission',
      code: 'FORGE_NO_TOKEN',
      message: 'variable FORGE_TOKEN, which holds a token, is not set',
    });
    expect(server.got).toEqual([]);
  });
});
