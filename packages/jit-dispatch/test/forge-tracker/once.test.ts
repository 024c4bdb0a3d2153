import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startGitea } from '../forge/gitea-server.ts';
import { startGithub } from '../forge/github-server.ts';
import { readRun, runFolders } from '../run-folders.ts';
import { until } from '../until.ts';
import { forgeFolder } from './dispatcher.ts';
import { KINDS } from './open-tracker.ts';

const SERVERS = { github: startGithub, gitea: startGitea } as const;
const ROUNDS = 10;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe.each(KINDS)('dispatchers of issues of %s', (kind) => {
  test('claim, start, settle by the exit code, and close the issue; no token is written anywhere', async () => {
    const server = await SERVERS[kind]();
    const { repository } = server;
    const body = 'Where does the time go?\n\n## Acceptance criteria\n\n- [ ] three causes\n';
    const first = repository.addIssue({ title: 'Survey it', body, labels: ['ai', 'high'] });
    repository.addIssue({ title: 'Two', labels: ['bug'] });
    const folder = forgeFolder(kind, server);
    folder.configure('north');
    expect(await folder.once('north', '--dry-run')).toMatchObject({
      ready: 1,
      decisions: [{ issue: '1', action: 'start' }],
    });
    expect(repository.comments).toEqual([]);
    expect(await folder.once('north')).toMatchObject({
      ready: 1,
      started: [{ issue: '1', agent: 'ada', attempt: 1 }],
    });
    expect(repository.comments[0]?.body.split('<!--')[0]).toBe(
      [
        '**Assigned to ada** (attempt 1, by jit-dispatch:north).\n\nTask type: research\n',
        'Task: Survey it\n\n> Where does the time go?\n>\n> ## Acceptance criteria\n>',
        '> - [ ] three causes\n\nAcceptance criteria:\n\n- [ ] three causes\n\n',
      ].join('\n'),
    );
    await folder.quiet();
    expect(await folder.once('north')).toMatchObject({
      ready: 0,
      settled: [{ issue: '1', state: 'completed', reason: 'exit_0' }],
    });
    expect(first).toMatchObject({ state: 'closed' });
    expect(repository.labelsOf(first).map(({ name }) => name)).toEqual(['ai', 'high']);
    expect(folder.journal()).toEqual(['start ada 1']);
    const env = readFileSync(join(folder.root, 'env-of-1'), 'utf8');
    expect(env).toContain('JIT_TRACKER_COMMAND=');
    const claim = /JIT_CLAIM=(\S+)/.exec(env)?.[1] ?? 'none';
    expect(repository.comments.map(({ body }) => body).join('\n')).not.toContain(claim);
    const holding = filesIn(folder.root).filter((path) =>
      readFileSync(path, 'utf8').includes('token-of-robot'),
    );
    expect(holding).toEqual([]);
    const doctor = await folder.dispatch('north', 'doctor');
    expect(JSON.parse(doctor.stdout).checks).toContainEqual(
      expect.objectContaining({
        check: 'tracker',
        result: 'ok',
        detail: expect.stringMatching(/acme\/anvil as robot, 0 ready$/),
      }),
    );
  });

  test('have keepers that renew the claim while the agent works, and stop it when its issue is closed as not planned', async () => {
    const server = await SERVERS[kind]();
    const { repository } = server;
    repository.addIssue({ labels: ['ai'] });
    // Gitea knows no reason: what is closed there is done.
    const dropped = kind === 'github' ? repository.addIssue({ labels: ['ai'] }) : null;
    const folder = forgeFolder(kind, server);
    folder.configure('north', '', 'lease_secs = 30');
    folder.letWait(true);
    await folder.once('north');
    if (dropped !== null) Object.assign(dropped, { state: 'closed', stateReason: 'not_planned' });
    await until('the lease was renewed', () =>
      repository.comments.some(({ body }) => body.includes('"renewed":1')),
    );
    if (dropped !== null) {
      const hasEnded = (run: string) => readRun(run, 'exit') !== null;
      await until('one agent was stopped', () => runFolders(folder.root).some(hasEnded));
      expect(await folder.once('north')).toMatchObject({
        settled: [{ issue: '2', state: 'completed', reason: 'issue_rejected', signal: 'SIGTERM' }],
      });
      const explained = await folder.dispatch('north', 'explain', '2');
      expect(JSON.parse(explained.stdout)).toMatchObject({
        ...{ state: 'rejected', verdict: 'finished' },
        last_run: { reason: 'issue_rejected', detail: 'stopped: the claim was lost' },
      });
    }
    folder.letWait(false);
    await folder.quiet();
    expect(await folder.once('north')).toMatchObject({
      settled: [{ issue: '1', state: 'completed', reason: 'exit_0' }],
    });
    expect(repository.comments.filter(({ issue }) => issue === 1)).toHaveLength(2);
  });

  test('that are filtered by hand ask the forge for these issues only', async () => {
    const server = await SERVERS[kind]();
    server.repository.addIssue({ labels: ['ai', 'docs'] });
    server.repository.addIssue({ labels: ['ai'] });
    const folder = forgeFolder(kind, server);
    folder.configure('north');
    const cycle = await folder.once(
      'north',
      '--label-filter',
      'docs',
      '--max-issues',
      '5',
      '--strategy',
      'random',
    );
    expect(cycle).toMatchObject({ ready: 1, started: [{ issue: '1' }] });
    const asked = server.got.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('/issues'),
    );
    expect(asked.map(({ query }) => query.labels)).toEqual(asked.map(() => 'docs'));
  });

  test(`of which two run at a time start one agent for each of ${ROUNDS} issues`, async () => {
    const server = await SERVERS[kind]();
    const folder = forgeFolder(kind, server);
    folder.configure('north');
    folder.configure('east');
    let lost = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      server.repository.addIssue({ labels: ['ai'] });
      const cycles = await Promise.all([folder.once('north'), folder.once('east')]);
      lost += cycles.flatMap((cycle) => cycle.lost).length;
      const started = cycles.flatMap((cycle) => cycle.started);
      expect(started.map(({ issue }) => issue)).toEqual([String(round)]);
    }
    await folder.quiet();
    expect(folder.journal().toSorted()).toEqual(
      Array.from({ length: ROUNDS }, (_, n) => `start ada ${n + 1}`).toSorted(),
    );
    console.log(
      `${kind}: ${ROUNDS} rounds of two processes, ${ROUNDS} agents started, ${lost} claims withdrawn`,
    );
  });
});
