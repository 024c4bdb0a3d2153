import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import { cleanEnv } from '@jit/testkit/processes';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/tracker/run-program.ts';
import { startGitea } from '../forge/gitea-server.ts';
import { startGithub } from '../forge/github-server.ts';
import { forgeFolder } from './dispatcher.ts';
import { claimCall, KINDS, shareForge, TOKEN } from './open-tracker.ts';
import { programFor } from './program.ts';

const SERVERS = { github: startGithub, gitea: startGitea } as const;

describe.each(KINDS)('killed while it writes to %s', (kind) => {
  test.each(['claim_commented', 'claim_labelled', 'claim_assigned'])(
    'a dispatcher at %s doubles nothing: the next cycle puts on what is missing and starts the agent once',
    async (step) => {
      const server = await SERVERS[kind]();
      const { repository } = server;
      const issue = repository.addIssue({ labels: ['ai'] });
      const folder = forgeFolder(kind, server);
      folder.configure('north', 'assign = "bob"');
      expect(
        await folder.crash('north', { JIT_DISPATCH_TEST_KILL_AT: `forge:${step}` }),
      ).toMatchObject({ signal: 'SIGKILL' });
      expect(repository.comments).toHaveLength(1);
      expect(issue.assignees).toEqual(step === 'claim_assigned' ? ['bob'] : []);
      expect(folder.journal()).toEqual([]);
      // Another dispatcher does not get it meanwhile.
      folder.configure('east');
      expect(await folder.once('east')).toMatchObject({ started: [] });
      expect(await folder.once('north')).toMatchObject({ started: [{ issue: '1', attempt: 1 }] });
      expect(repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai', 'agent:ada']);
      expect(issue.assignees).toEqual(['bob']);
      await folder.quiet();
      expect(folder.journal()).toEqual(['start ada 1']);
      expect(repository.comments).toHaveLength(1);
    },
  );

  test('a dispatcher that has closed the issue ends the claim with the next cycle', async () => {
    const server = await SERVERS[kind]();
    const { repository } = server;
    const issue = repository.addIssue({ labels: ['ai'] });
    const folder = forgeFolder(kind, server);
    folder.configure('north');
    await folder.once('north');
    await folder.quiet();
    await folder.crash('north', { JIT_DISPATCH_TEST_KILL_AT: 'forge:finish_closed' });
    expect(issue.state).toBe('closed');
    expect(await folder.once('north')).toMatchObject({
      settled: [{ issue: '1', state: 'completed' }],
      started: [],
    });
    expect(repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai']);
    expect(repository.comments).toHaveLength(2);
  });

  test.each(['escalation_commented', 'escalation_labelled'])(
    'an escalation at %s is there with label and comment at the next look, once',
    async (step) => {
      const { server, open } = await shareForge(kind);
      const issue = server.repository.addIssue({ labels: ['ai'] });
      const lines = [
        [
          'issue',
          'update',
          '1',
          '--only-if',
          `NOT label:${ESCALATED_LABEL} AND state:ready`,
          '--add-label',
          ESCALATED_LABEL,
        ],
        ['issue', 'comment', '1', '--text', 'look (escalation e1)'],
      ];
      const environment = {
        ...cleanEnv(),
        FORGE_TOKEN: 'token-of-robot',
        JIT_DISPATCH_TEST_FORGE_KILL_AT: step,
      };
      const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const killed = runProgram(programFor(kind, server), {
        args: ['batch', '--atomic'],
        input,
        environment,
        timeoutMs: 60_000,
      });
      await expect(killed).rejects.toThrow('SIGKILL');
      const { tracker } = await open();
      // Nobody starts it in between.
      expect(await tracker.ready()).toMatchObject([
        { labels: expect.arrayContaining([ESCALATED_LABEL]) },
      ]);
      const [shown, comments] = await tracker.call([
        { do: 'show', issue: '1' },
        { do: 'comments', issue: '1' },
      ]);
      expect(shown).toMatchObject({ issues: [{ labels: ['ai', ESCALATED_LABEL] }] });
      expect(comments).toMatchObject({ events: [{ text: 'look (escalation e1)' }] });
      expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual([
        'ai',
        ESCALATED_LABEL,
      ]);
      server.repository.unlabel(issue, ESCALATED_LABEL);
      await tracker.call([{ do: 'show', issue: '1' }]);
      expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai']);
    },
  );

  test('a release that took the label off and ended is made whole by being repeated', async () => {
    const { server, open } = await shareForge(kind);
    const issue = server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    await tracker.call([claimCall('1', TOKEN)]);
    const environment = {
      ...cleanEnv(),
      FORGE_TOKEN: 'token-of-robot',
      JIT_DISPATCH_TEST_FORGE_KILL_AT: 'release_unlabelled',
    };
    const args = ['issue', 'release', '1', 'x', '--claim', TOKEN];
    await expect(
      runProgram(programFor(kind, server), { args, environment, timeoutMs: 60_000 }),
    ).rejects.toThrow('SIGKILL');
    expect(await tracker.ready()).toEqual([]);
    const release = {
      do: 'release',
      issue: '1',
      token: TOKEN,
      reason: 'x',
      failed: null,
      deferSecs: null,
    } as const;
    expect(await tracker.call([release])).toMatchObject([{ is: 'ok' }]);
    expect(await tracker.ready()).toMatchObject([{ id: '1', assignee: null }]);
    expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual(['ai']);
  });
});
