import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, collect, jitJson } from '@jit/testkit/processes';
import { describe, expect, test } from 'vitest';
import { fileOf, has, project } from './test-tools.ts';

interface Item {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly attempt: number;
  readonly assignee: string | null;
}

const hasBash = has('bash', '-c', 'true');
const hasPython = has('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 8))');
const needs = (isThere: boolean, program: string) =>
  isThere ? '' : ` (skipped: this machine has no ${program})`;

/** A diamond: one issue, six that wait for it, one that waits for all of them. */
async function diamond(cwd: string): Promise<string[]> {
  const create = async (title: string, deps: readonly string[]): Promise<string> => {
    const flags = deps.flatMap((id) => ['--dep', id]);
    const argv = ['issue', 'create', '-t', title, ...flags];
    return (await jitJson<Item>(argv, { cwd })).id;
  };
  const first = await create('first', []);
  const middle: string[] = [];
  for (let n = 0; n < 6; n += 1) middle.push(await create(`middle ${n}`, [first]));
  return [first, ...middle, await create('last', middle)];
}

/** An agent that notes which issue it was started for, then runs the agent of the examples. */
function notingAgent(folder: string, agent: string): { path: string; starts: () => string[] } {
  const path = join(folder, 'agent.sh');
  const notes = join(folder, 'starts');
  appendFileSync(notes, '');
  writeFileSync(path, `#!/bin/sh\necho "$JIT_ISSUE_ID" >>'${notes}'\nexec '${fileOf(agent)}'\n`);
  chmodSync(path, 0o755);
  return { path, starts: () => readFileSync(notes, 'utf8').trim().split('\n') };
}

function run(program: string, argv: readonly string[], cwd: string, env: Record<string, string>) {
  return collect(spawn(program, argv, { cwd, env: cleanEnv(env), stdio: 'pipe' }));
}

async function expectDrained(cwd: string, ids: string[], starts: string[]): Promise<void> {
  expect([...starts].sort()).toEqual([...ids].sort());
  expect(starts[0]).toBe(ids[0]);
  expect(starts.at(-1)).toBe(ids.at(-1));
  const all = await jitJson<Item[]>(['query', 'all'], { cwd });
  expect(all.map(({ state, attempt }) => `${state} ${attempt}`)).toEqual(ids.map(() => 'done 1'));
}

describe('bash-orchestrator.sh', () => {
  const script = fileOf('examples/bash-orchestrator.sh');

  test.skipIf(!hasBash)(
    `two loops drain a graph together, each issue is started once${needs(hasBash, 'bash')}`,
    async () => {
      const { folder, env } = await project();
      const ids = await diamond(folder);
      const { path, starts } = notingAgent(folder, 'examples/agents/echo-agent.sh');
      const settings = { ...env, WORK_SECS: '0.1', POLL: '0.2' };
      const loop = (name: string) => run(script, ['--once', name, '2', path], folder, settings);
      const ended = await Promise.all([loop('one'), loop('two')]);
      expect(ended.map(({ exit, stderr }) => [exit, stderr])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      await expectDrained(folder, ids, starts());
    },
  );

  test.skipIf(!hasBash)(
    `an issue whose command fails is given back and rests${needs(hasBash, 'bash')}`,
    async () => {
      const { folder, env } = await project();
      const { id } = await jitJson<Item>(['issue', 'create', '-t', 'fails'], { cwd: folder });
      const { exit } = await run(script, ['--once', 'worker', '1', 'false'], folder, env);
      expect(exit).toBe(0);
      const issue = await jitJson<Item & { blockers: { type: string }[] }>(['issue', 'show', id], {
        cwd: folder,
      });
      expect(issue).toMatchObject({ state: 'open', assignee: null, attempt: 1 });
      expect(issue.blockers).toMatchObject([{ type: 'deferred' }]);
    },
  );

  test.skipIf(!hasBash)(
    `an issue with an open exit gate ends gated, without a claim${needs(hasBash, 'bash')}`,
    async () => {
      const { folder, env } = await project();
      await jitJson(['gate', 'define', 'review', '--stage', 'done'], { cwd: folder });
      const argv = ['issue', 'create', '-t', 'reviewed', '--gate', 'review'];
      const { id } = await jitJson<Item>(argv, { cwd: folder });
      const { exit } = await run(script, ['--once', 'worker', '1', 'true'], folder, env);
      expect(exit).toBe(0);
      const issue = await jitJson<Item>(['issue', 'show', id], { cwd: folder });
      expect(issue).toMatchObject({ state: 'gated', claim: null });
    },
  );

  test.skipIf(!hasBash)(`says how it is called${needs(hasBash, 'bash')}`, async () => {
    const { folder, env } = await project();
    const { exit, stderr } = await run(script, ['worker'], folder, env);
    expect(exit).toBe(2);
    expect(stderr).toContain('bash-orchestrator.sh [--once] NAME CAPACITY COMMAND');
  });
});

describe('simple-orchestrator.py', () => {
  const script = fileOf('examples/simple-orchestrator.py');
  const orchestrate = (folder: string, env: Record<string, string>, ...argv: string[]) =>
    run('python3', [script, '--once', '--poll', '0.2', ...argv], folder, env);

  test.skipIf(!hasPython)(
    `two pools with the same agents drain a graph together, each issue is started once${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      const ids = await diamond(folder);
      const { path, starts } = notingAgent(folder, 'examples/agents/simple-agent.py');
      const pool = () =>
        orchestrate(folder, env, '--agent', 'rust=2', '--agent', 'docs', '--', path);
      const ended = await Promise.all([pool(), pool()]);
      expect(ended.map(({ exit, stderr }) => [exit, stderr])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      await expectDrained(folder, ids, starts());
    },
  );

  test.skipIf(!hasPython)(
    `an issue whose command fails is given back and rests${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      const { id } = await jitJson<Item>(['issue', 'create', '-t', 'fails'], { cwd: folder });
      const { exit, stdout } = await orchestrate(folder, env, '--agent', 'a', '--', 'false');
      expect(exit).toBe(0);
      expect(stdout).toContain('given back, exit code 1');
      const issue = await jitJson<Item>(['issue', 'show', id], { cwd: folder });
      expect(issue).toMatchObject({ state: 'open', assignee: null, attempt: 1 });
    },
  );

  test.skipIf(!hasPython)(
    `a lease is renewed while the agent works${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      const { id } = await jitJson<Item>(['issue', 'create', '-t', 'long'], { cwd: folder });
      const flags = ['--agent', 'a', '--ttl', '6', '--', 'sleep', '9'];
      const { exit } = await orchestrate(folder, env, ...flags);
      expect(exit).toBe(0);
      const issue = await jitJson<Item>(['issue', 'show', id], { cwd: folder });
      expect(issue).toMatchObject({ state: 'done', attempt: 1 });
    },
  );
});

describe('the agents', () => {
  const AGENTS = ['echo-agent.sh', 'simple-agent.py'];

  test.each(AGENTS.filter((name) => name.endsWith('.sh') || hasPython))(
    '%s works under jit-dispatch',
    async (name) => {
      const { folder, env } = await project();
      writeFileSync(
        join(folder, 'dispatch.toml'),
        `[[agents]]\nid = "a"\ncommand = ["${fileOf(`examples/agents/${name}`)}"]\n`,
      );
      const { id } = await jitJson<Item>(['issue', 'create', '-t', 'one'], { cwd: folder });
      const first = await run('jit-dispatch', ['once'], folder, env);
      expect(first.exit, first.stderr).toBe(0);
      expect(first.stdout).toContain('1 ready, 1 started');
      await expect
        .poll(async () => (await jitJson<Item>(['issue', 'show', id], { cwd: folder })).state, {
          timeout: 20_000,
          interval: 200,
        })
        .toBe('done');
    },
  );

  test.skipIf(!hasPython)(
    `simple-agent.py finds what was claimed for its name${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      const { id } = await jitJson<Item>(['issue', 'create', '-t', 'one'], { cwd: folder });
      await jitJson(['issue', 'claim', id, 'copilot-1'], { cwd: folder });
      const agent = fileOf('examples/agents/simple-agent.py');
      const { exit, stdout } = await run('python3', [agent, 'copilot-1'], folder, env);
      expect([exit, stdout]).toEqual([0, `${id}: one\n`]);
      expect(await jitJson<Item>(['issue', 'show', id], { cwd: folder })).toMatchObject({
        state: 'done',
      });
    },
  );
});

test('every script can be read by its interpreter', () => {
  const check = (program: string, ...argv: string[]) =>
    spawnSync(program, argv, { encoding: 'utf8' }).stderr;
  expect(check('sh', '-n', fileOf('examples/agents/echo-agent.sh'))).toBe('');
  if (hasBash) expect(check('bash', '-n', fileOf('examples/bash-orchestrator.sh'))).toBe('');
});
