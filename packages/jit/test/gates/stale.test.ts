import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect, runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import type { GateTracker } from './gate-tracker.ts';
import { gateTracker, gitEnv, written } from './gate-tracker.ts';

const JIT = `node ${join(import.meta.dirname, '../../bin/jit.js')}`;

/** A checker that says that it runs, and goes on when it is told to. */
async function pausing(tracker: GateTracker, after = 'true') {
  const folder = tempFolder();
  const [here, go] = [join(folder, 'here'), join(folder, 'go')];
  const id = await tracker.gated(
    `echo $$ > ${here}; until test -e ${go}; do sleep 0.05; done; ${after}`,
  );
  return {
    id,
    /** Starts `gate run` and waits until the checker runs. */
    async start(...flags: string[]) {
      const child = startBundle('jit', ['gate', 'run', id, '--json', ...flags], {
        cwd: tracker.cwd,
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const ended = collect(child);
      await written(here);
      return {
        /** Lets the checker end, and gives exit code and answer. */
        async end() {
          writeFileSync(go, '');
          const { exit, stdout } = await ended;
          return { exit, answer: JSON.parse(stdout) };
        },
      };
    },
  };
}

type Change = (tracker: GateTracker, id: string) => unknown;

const CHANGES: readonly (readonly [what: string, says: string, change: Change])[] = [
  [
    'the issue was released and claimed again',
    'attempt 2',
    async ({ json }, id) => {
      await json('issue', 'release', id);
      await json('issue', 'claim', id, 'other');
    },
  ],
  [
    'somebody committed',
    'is at commit',
    ({ git }) => git('commit', '-q', '--allow-empty', '-m', 'x'),
  ],
  [
    'the definition was changed',
    'definition of the gate has changed',
    ({ json }) => json('gate', 'update', 'check', '--command', 'true'),
  ],
  [
    'the gate was taken off the issue',
    'taken off',
    ({ json }, id) => json('gate', 'remove', 'check', '--issue', id),
  ],
  [
    'the issue was finished by force',
    'is done',
    ({ json }, id) => json('issue', 'update', id, '--state', 'done', '--force', '--reason', 'r'),
  ],
  [
    'the issue was deleted',
    'was deleted',
    ({ json }, id) => json('issue', 'delete', id, '--override-claim', '--reason', 'not wanted'),
  ],
];

test.each(CHANGES)(
  'if %s meanwhile, the result is kept and decides nothing: exit 6',
  async (_, says, change) => {
    const tracker = await gateTracker();
    const { id, start } = await pausing(tracker);
    await tracker.json('issue', 'claim', id, 'bot');
    const run = await start();
    await change(tracker, id);
    const { exit, answer } = await run.end();
    expect([exit, answer.error.code]).toEqual([6, 'GATE_RUN_STALE']);
    expect(answer.error.message).toContain(says);
    expect(answer.error.details.runs[0]).toMatchObject({ verdict: 'passed', attempt: 1 });
    expect(await tracker.json('events', 'query', '--type', 'gate_passed')).toEqual([]);
    const issue = await tracker.run('issue', 'show', id, '--json');
    if (issue.exit !== 0) return;
    const gate = JSON.parse(issue.stdout).gates.find(({ key }: { key: string }) => key === 'check');
    expect(gate?.status ?? 'pending').toBe('pending');
    if (gate === undefined) return;
    const kept = (await tracker.json('gate', 'status', id)).gates[0].last_run;
    expect(kept.stale).toContain(says);
  },
);

test('a failure that came too late takes nothing away from the new holder', async () => {
  const tracker = await gateTracker();
  const { id, start } = await pausing(tracker, 'exit 1');
  await tracker.json('issue', 'claim', id, 'bot');
  const run = await start();
  await tracker.json('issue', 'release', id);
  await tracker.json('issue', 'claim', id, 'other');
  await tracker.fails(4, 'issue', 'update', id, '--state', 'done');
  expect((await run.end()).exit).toBe(6);
  expect(await tracker.json('issue', 'show', id)).toMatchObject({
    state: 'gated',
    assignee: 'other',
  });
});

test('a checker that commits, or gives its issue away, has looked at something else', async () => {
  const tracker = await gateTracker();
  const commit = await tracker.gated('git commit -q --allow-empty -m second');
  const env = gitEnv();
  const ended = await runBundle('jit', ['gate', 'run', commit, '--json'], {
    cwd: tracker.cwd,
    env,
  });
  expect([ended.exit, JSON.parse(ended.stdout).error.code]).toEqual([6, 'GATE_RUN_STALE']);
  const again = `${JIT} issue release "$JIT_ISSUE_ID" && ${JIT} issue claim "$JIT_ISSUE_ID" other`;
  await tracker.json('gate', 'update', 'check', '--command', again);
  await tracker.json('issue', 'claim', commit, 'bot');
  expect(await tracker.fails(6, 'gate', 'run', commit)).toMatchObject({ code: 'GATE_RUN_STALE' });
  expect(tracker.gate(commit).status).toBe('pending');
});

test('a checker that only releases its issue still decides: the attempt is the same', async () => {
  const { gated, json } = await gateTracker();
  const id = await gated(`${JIT} issue release "$JIT_ISSUE_ID"`);
  await json('issue', 'claim', id, 'bot');
  expect(await json('gate', 'run', id)).toMatchObject({ state: 'ready', changed: true });
});

test('a token that has ended meanwhile changes nothing: exit 7', async () => {
  const tracker = await gateTracker();
  const { id, start } = await pausing(tracker);
  const { claim } = await tracker.json('issue', 'claim', id, 'bot', '--ttl', '600');
  const run = await start('--claim', claim.token);
  await tracker.json('issue', 'release', id, '--claim', claim.token);
  const { exit, answer } = await run.end();
  expect([exit, answer.error.code]).toEqual([7, 'LOST_CLAIM']);
  expect(tracker.gate(id).status).toBe('pending');
});

test('a claim in the environment reaches the checker only if it is for this issue', async () => {
  const { gated, json, cwd } = await gateTracker();
  const id = await gated('test -n "$JIT_CLAIM" && echo held || echo none');
  const other = (await json('issue', 'create', 'B')).id;
  const { claim } = await json('issue', 'claim', other, 'bot', '--ttl', '600');
  const env = { JIT_CLAIM: claim.token, JIT_ISSUE_ID: other };
  const ended = await runBundle('jit', ['gate', 'run', id], { cwd, env });
  expect([ended.exit, ended.stderr]).toEqual([0, '']);
  expect((await json('gate', 'log', id, 'check')).output).toBe('none\n');
});
