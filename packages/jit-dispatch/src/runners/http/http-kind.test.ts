import { expect, test } from 'vitest';
import { startServer } from '../../../test/http-server.ts';
import type { HttpSettings } from '../../config/agent-kinds.ts';
import { systemTimers } from '../../timers.ts';
import type { Means } from '../kind.ts';
import type { Task } from '../task.ts';
import { httpKind } from './http-kind.ts';

const SETTINGS: HttpSettings = {
  url: '',
  token: { env: 'AGENT_TOKEN' },
  accept: [200, 201, 202],
  callback: false,
  pollUrl: null,
  cancelUrl: null,
  pollSecs: 60,
  timeoutSecs: 30,
};
const TASK = {
  run: 'r2',
  attempt: 2,
  agent: 'api-1',
  issue: 'i1',
  title: 'Build the router',
  description: 'We need a cascade.',
  acceptance_criteria: ['Failover works', 'Metrics exposed'],
  labels: ['area:router'],
  priority: 'high',
  task_type: 'architecture',
  links: { gitea: 'acme/anvil#1072' },
  metadata: {},
  prompt: 'Do it.',
  finishes_issue: false,
} as unknown as Task;

/** Brings the work to this address. */
async function bring(url: string, settings: Partial<HttpSettings> = {}) {
  const said: string[] = [];
  const means: Means = {
    key: 'r1',
    earlier: null,
    say: (line) => said.push(line),
    wake: () => {},
    keep: () => {},
    timers: systemTimers,
    now: Date.now,
    environment: { AGENT_TOKEN: 'hush' },
    secrets: new Set(),
  };
  const assignment = await httpKind.open({ ...SETTINGS, url, ...settings }, TASK, means);
  return { assignment, sight: assignment.begin(), said };
}

test('the work is posted as JSON, under the key of the run that first brought it', async () => {
  const { url, got } = await startServer((_, response) => void response.writeHead(202).end());
  const { sight } = await bring(url);
  expect(await sight).toMatchObject({ is: 'going' });
  const [post, ...others] = got;
  expect(others).toEqual([]);
  expect(post).toMatchObject({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer hush',
      'idempotency-key': 'r1',
    },
  });
  expect(JSON.parse(post?.body ?? '')).toEqual({
    title: 'Build the router',
    description: 'We need a cascade.',
    acceptance_criteria: ['Failover works', 'Metrics exposed'],
    issue_number: 1072,
    agent: 'api-1',
    task_type: 'architecture',
    issue_id: 'i1',
    run_id: 'r1',
    attempt: 2,
    labels: ['area:router'],
    priority: 'high',
    prompt: 'Do it.',
    callback: null,
    claim: null,
  });
});

test.each([
  [200, 'going'],
  [201, 'going'],
  [202, 'going'],
  [203, 'failed'],
  [404, 'failed'],
])('an answer of %d means that the work is %s, and is told in short', async (status, is) => {
  const { url } = await startServer(
    (_, response) => void response.writeHead(status).end(`it is ${'so '.repeat(200)}`),
  );
  const { sight, said } = await bring(url);
  const seen = await sight;
  expect(seen.is).toBe(is);
  const words = seen.is === 'failed' ? seen.detail : said.join();
  expect(words).toMatch(new RegExp(`${status}.*it is so so .*…$`));
  expect(words.length).toBeLessThan(260);
});

test.each([
  ['{"status":"success","message":"queued as job 17"}', 'going'],
  ['{"status":"done","detail":"it was there already"}', 'done'],
  ['{"status":"failed"}', 'failed'],
])('an agent that answers the post with %s: the work is %s', async (body, is) => {
  const { url } = await startServer((_, response) => void response.writeHead(202).end(body));
  expect((await (await bring(url)).sight).is).toBe(is);
});

test('an agent that asks for patience for ages is asked again after a day', async () => {
  const { url } = await startServer((_, response) => {
    response.writeHead(429, { 'retry-after': '99999999999999' }).end();
  });
  const before = Date.now();
  const error = await (await bring(url)).sight.catch((refusal: unknown) => refusal);
  const { retry_at } = (error as { details: { retry_at: string } }).details;
  expect(Date.parse(retry_at)).toBeLessThanOrEqual(Date.now() + 24 * 3600 * 1000);
  expect(Date.parse(retry_at)).toBeGreaterThanOrEqual(before + 24 * 3600 * 1000);
});

test.each([
  ['{"error":"the database is gone"}', 'answered 200 and an error: the database is gone'],
  ['<html>maintenance</html>', 'answered 200 and no JSON'],
])('a look that is answered with %s says so, and the work goes on', async (body, words) => {
  const { url } = await startServer(({ method }, response) => {
    response.writeHead(200).end(method === 'GET' ? body : '');
  });
  const { assignment, sight } = await bring(url, { pollUrl: `${url}/work` });
  await sight;
  await expect(assignment.look()).rejects.toMatchObject({
    code: 'AGENT_ANSWER',
    retryable: true,
    message: expect.stringContaining(words),
  });
});

test('one that does not answer in time is given up, and may be asked again', async () => {
  const { url, got } = await startServer(() => {});
  const { sight } = await bring(url, { timeoutSecs: 0.2 });
  await expect(sight).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
    retryable: true,
    message: expect.stringContaining('gave no answer within 0.2 s'),
  });
  expect(got).toHaveLength(1);
});
