import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cleanEnv, collect, jitJson } from '@jit/testkit/processes';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileOf, has, project, textOf } from './test-tools.ts';

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

/** Puts a `jit` before the real one that notes each call and runs these lines before it goes on. */
function notingJit(folder: string, env: Record<string, string>, before: string) {
  const bin = join(folder, 'noting');
  const calls = join(folder, 'calls');
  mkdirSync(bin);
  writeFileSync(calls, '');
  const lines = [
    '#!/bin/sh',
    `echo "$*" >>'${calls}'`,
    before,
    `exec '${folder}/bin/jit' "$@"`,
    '',
  ];
  writeFileSync(join(bin, 'jit'), lines.join('\n'));
  chmodSync(join(bin, 'jit'), 0o755);
  return { calls, settings: { ...env, PATH: `${bin}${delimiter}${env.PATH ?? ''}` } };
}

/** As a terminal does on Ctrl-C: SIGINT to the whole process group, each time a word comes up in the file. */
async function runWithCtrlC(
  [program, ...argv]: readonly [string, ...string[]],
  options: { cwd: string; env: Record<string, string>; file: string; at: readonly string[] },
) {
  const env = cleanEnv(options.env);
  const child = spawn(program, argv, { cwd: options.cwd, env, stdio: 'pipe', detached: true });
  const group = -(child.pid ?? Number.NaN);
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(group, 'SIGKILL');
  });
  const ended = collect(child);
  for (const word of options.at) {
    const noted = () => readFileSync(options.file, 'utf8');
    await expect.poll(noted, { timeout: 10_000, interval: 20 }).toContain(word);
    process.kill(group, 'SIGINT');
  }
  return await ended;
}

/** An agent that is a program of Node, which takes SIGINT even where its parent ignored it. */
const NODE_AGENT = [
  process.execPath,
  '-e',
  "require('fs').appendFileSync('calls', 'agent\\n'); setTimeout(() => {}, 500)",
] as const;

/** Two issues, of which the interrupted orchestrator has room for one. */
async function expectOneDone(cwd: string): Promise<void> {
  const all = await jitJson<Item[]>(['query', 'all'], { cwd });
  const states = all.map(({ state, attempt, assignee }) => `${state} ${attempt} ${assignee}`);
  expect(states).toEqual(['done 1 worker', 'ready 0 null']);
}

async function twoIssues(cwd: string): Promise<void> {
  await jitJson(['issue', 'create', '-t', 'one', '-p', 'high'], { cwd });
  await jitJson(['issue', 'create', '-t', 'two'], { cwd });
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

  test.skipIf(!hasBash).each(['x', '0', '-1', '1.5', ''])(
    `the capacity %j is refused${needs(hasBash, 'bash')}`,
    async (capacity) => {
      const { folder, env } = await project();
      const argv = ['--once', 'worker', capacity, 'true'];
      const { exit, stderr } = await run(script, argv, folder, env);
      expect(exit).toBe(2);
      expect(stderr).toMatch(/^bash-orchestrator.sh \[--once\] NAME CAPACITY COMMAND/);
    },
  );

  test.skipIf(!hasBash)(
    `Ctrl-C takes nothing more and waits for what runs${needs(hasBash, 'bash')}`,
    async () => {
      const { folder, env } = await project();
      await twoIssues(folder);
      const { calls, settings } = notingJit(folder, env, 'sleep 0.3');
      const at = ['claim-next', 'agent', 'issue update'];
      const ended = await runWithCtrlC([script, 'worker', '1', ...NODE_AGENT], {
        cwd: folder,
        env: settings,
        file: calls,
        at,
      });
      expect(ended).toMatchObject({ exit: 0, stderr: '' });
      await expectOneDone(folder);
    },
  );

  test.skipIf(!hasBash)(`ends where there is no tracker${needs(hasBash, 'bash')}`, async () => {
    const { folder, env } = await project({ init: false });
    const { exit, stderr } = await run(script, ['--once', 'worker', '1', 'true'], folder, env);
    expect(exit).toBe(3);
    expect(stderr).toContain('NOT_A_TRACKER');
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

  test.skipIf(!hasPython)(
    `Ctrl-C takes nothing more and waits for what runs${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      await twoIssues(folder);
      const { calls, settings } = notingJit(folder, env, 'sleep 0.3');
      const command = ['python3', script, '--agent', 'worker', '--', ...NODE_AGENT] as const;
      const options = { cwd: folder, env: settings, file: calls, at: ['issue claim'] };
      expect(await runWithCtrlC(command, options)).toMatchObject({ exit: 0, stderr: '' });
      await expectOneDone(folder);
    },
  );

  test.skipIf(!hasPython)(
    `a jit that was killed and said nothing is asked again${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project();
      await jitJson(['issue', 'create', '-t', 'one'], { cwd: folder });
      const { settings } = notingJit(folder, env, '[ $(wc -l <calls) -gt 1 ] || kill -9 $$');
      const { exit, stderr } = await orchestrate(folder, settings, '--agent', 'a', '--', 'true');
      expect([exit, stderr]).toEqual([0, '']);
      expect(await jitJson(['query', 'all'], { cwd: folder })).toMatchObject([{ state: 'done' }]);
    },
  );

  test.skipIf(!hasPython)(
    `ends where there is no tracker${needs(hasPython, 'Python 3.8')}`,
    async () => {
      const { folder, env } = await project({ init: false });
      const { exit, stderr } = await orchestrate(folder, env, '--agent', 'a', '--', 'true');
      expect(exit).toBe(1);
      expect(stderr).toContain('there is no .jit here');
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

describe('what the pages say holds', () => {
  test('exit 3 of claim-next means look again only with NOTHING_READY', async () => {
    for (const page of ['README.md', 'examples/integration-patterns.md'])
      expect(textOf(page)).toMatch(/`claim-next` with (the )?code `NOTHING_READY`/);
    const codeOf = async (init: boolean) => {
      const { folder: cwd } = await project({ init });
      const env = { JIT_DIR: cwd };
      const argv = ['issue', 'claim-next', 'a'];
      return (await jitJson<{ error: { code: string } }>(argv, { cwd, env }, 3)).error.code;
    };
    expect(await Promise.all([codeOf(true), codeOf(false)])).toEqual([
      'NOTHING_READY',
      'NOT_A_TRACKER',
    ]);
  });

  test('listings in a pipe are tab-separated, without header, with short ids', async () => {
    expect(textOf('README.md')).toContain(
      'listings in a pipe are tab-separated and have no header',
    );
    const { folder, env } = await project();
    const { id } = await jitJson<Item>(['issue', 'create', '-t', 'one'], { cwd: folder });
    const { stdout } = await run('jit', ['query', 'ready'], folder, env);
    expect(stdout).toBe(`${id.slice(0, 4)}\tready\tnormal\t\tone\n`);
    expect(await jitJson(['query', 'ready'], { cwd: folder })).toMatchObject([{ id }]);
  });

  test('tags are a preference: an issue goes to any agent with room', async () => {
    expect(textOf('dispatch.toml.example')).toContain('a preference, not a restriction');
    const { folder, env } = await project();
    const agent = '[[agents]]\nid = "a"\ncommand = "true"\ntags = ["docs"]\n';
    writeFileSync(join(folder, 'dispatch.toml'), agent);
    await jitJson(['issue', 'create', '-t', 'one', '--label', 'lang:rust'], { cwd: folder });
    const { stdout } = await run('jit-dispatch', ['once', '--dry-run'], folder, env);
    expect(stdout).toContain('1 ready, 1 would start');
  });
});

test('every script can be read by its interpreter', () => {
  const check = (program: string, ...argv: string[]) =>
    spawnSync(program, argv, { encoding: 'utf8' }).stderr;
  expect(check('sh', '-n', fileOf('examples/agents/echo-agent.sh'))).toBe('');
  if (hasBash) expect(check('bash', '-n', fileOf('examples/bash-orchestrator.sh'))).toBe('');
});
