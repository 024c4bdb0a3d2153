import { expect, test } from 'vitest';
import type { Actions } from '../../src/forge/actions.ts';
import { openActions } from '../../src/forge/open-forge.ts';
import { type GithubServer, type GithubServing, startGithub } from './github-server.ts';
import { createTestTime, forgePorts } from './open-forges.ts';

interface Open {
  readonly actions: Actions;
  readonly server: GithubServer;
  /** A moment ago. */
  readonly since: string;
}

async function open(serving: GithubServing = {}): Promise<Open> {
  const server = await startGithub(serving);
  server.repository.workflows.set('agent.yml', {
    inputs: ['run', 'issue'],
    runName: ({ run = '', issue = '' }) => `work on ${issue} (${run})`,
  });
  const options = {
    url: server.url,
    repository: 'acme/anvil',
    token: { env: 'FORGE_TOKEN' },
    timeoutMs: 30_000,
  };
  const actions = await openActions(options, forgePorts(createTestTime()));
  return { actions, server, since: new Date().toISOString() };
}

const start = (run: string) => ({
  workflow: 'agent.yml',
  ref: 'main',
  inputs: { run, issue: '7' },
});
const search = (correlation: string, since: string) => ({
  workflow: 'agent.yml',
  correlation,
  since,
});

test('a workflow is started with its inputs, and its run is known at once and followed to its end', async () => {
  const { actions, server } = await open();
  const id = (await actions.startWorkflow(start('run-1'))) ?? 0;
  const run = server.repository.runs[0];
  expect(run).toMatchObject({ id, branch: 'main', inputs: { run: 'run-1', issue: '7' } });
  expect(await actions.readRun(id)).toEqual({
    id,
    title: 'work on 7 (run-1)',
    status: 'queued',
    conclusion: null,
    is_over: false,
    branch: 'main',
    url: expect.stringContaining(`/actions/runs/${id}`),
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  Object.assign(run ?? {}, { status: 'in_progress' });
  expect(await actions.readRun(id)).toMatchObject({ status: 'in_progress', is_over: false });
  Object.assign(run ?? {}, { status: 'completed', conclusion: 'failure' });
  expect(await actions.readRun(id)).toMatchObject({ is_over: true, conclusion: 'failure' });
  expect(await actions.readRun(99_999)).toBeNull();
});

test('a server that does not tell the run is asked without, once more, and the run found by its title', async () => {
  const { actions, server, since } = await open({ prefix: '/api/v3', tellsRuns: false });
  expect(await actions.startWorkflow(start('run-1'))).toBeNull();
  expect(await actions.startWorkflow(start('run-2'))).toBeNull();
  expect(server.repository.runs).toHaveLength(2);
  expect(server.count('POST')).toBe(4);
  const [, second] = server.repository.runs;
  expect(await actions.findRun(search('run-2', since))).toMatchObject({ id: second?.id });
  expect(await actions.findRun(search('run-3', since))).toBeNull();
});

test('a start whose answer was lost is found among 150 others, and not made again', async () => {
  const { actions, server, since } = await open();
  server.fault({ does: 'lose', times: 1 });
  await expect(actions.startWorkflow(start('wanted'))).rejects.toMatchObject({
    code: 'FORGE_UNAVAILABLE',
    details: { may_have_happened: true },
  });
  for (let count = 0; count < 150; count += 1) await actions.startWorkflow(start(`run-${count}`));
  const [first] = server.repository.runs;
  expect(await actions.findRun(search('wanted', since))).toMatchObject({ id: first?.id });
  expect(server.count('GET', '/runs')).toBe(2);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  expect(await actions.findRun(search('wanted', tomorrow))).toBeNull();
});

test('a run is canceled once; one that is over or not there has nothing to cancel', async () => {
  const { actions } = await open();
  const id = (await actions.startWorkflow(start('run-1'))) ?? 0;
  expect(await actions.cancelRun(id)).toBe(true);
  expect(await actions.readRun(id)).toMatchObject({ is_over: true, conclusion: 'cancelled' });
  expect(await actions.cancelRun(id)).toBe(false);
  expect(await actions.cancelRun(99_999)).toBe(false);
});

test('a start with inputs or a branch that the workflow does not have is refused in the words of GitHub', async () => {
  const { actions, server } = await open();
  await expect(
    actions.startWorkflow({ ...start('run-1'), inputs: { other: 'x' } }),
  ).rejects.toMatchObject({
    kind: 'invalid',
    code: 'FORGE_REFUSED',
    message: expect.stringContaining('Unexpected inputs provided: ["other"]'),
  });
  await expect(actions.startWorkflow({ ...start('run-1'), ref: 'none' })).rejects.toMatchObject({
    code: 'FORGE_REFUSED',
  });
  await expect(
    actions.startWorkflow({ ...start('run-1'), workflow: 'none.yml' }),
  ).rejects.toMatchObject({ code: 'FORGE_NOT_FOUND' });
  expect(server.repository.runs).toEqual([]);
});
