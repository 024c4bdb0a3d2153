import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLogOutput } from '@jit/contract/outputs/dispatch';
import { bundlePath, cleanEnv, collect } from '@jit/testkit/processes';
import { expect, test } from 'vitest';
import { hasRunEnded } from '../src/runners/read-run.ts';
import { createRepository, type Repository } from './repository.ts';
import { runFolders } from './run-folders.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "./work"\n';

async function started(
  script: string,
  more = '',
): Promise<{ repository: Repository; run: string }> {
  const repository = await createRepository();
  await repository.create('Work');
  repository.script('work', `#!/bin/sh\n${script}\n`);
  repository.configure(AGENT + more);
  const [run] = (await repository.once()).started;
  return { repository, run: run?.run ?? '' };
}

/** `jit-dispatch logs` with pipes, and what it has printed by now. */
function follow({ root }: Repository, ...argv: readonly string[]) {
  const child = spawn(process.execPath, [bundlePath('jit-dispatch'), 'logs', ...argv], {
    cwd: root,
    env: cleanEnv({}),
    stdio: 'pipe',
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return { child, ended: collect(child), text: () => text };
}

test('-f shows what comes as it comes, over the end of the dispatcher, until the agent has ended', async () => {
  const { repository, run } = await started(
    'echo one; until [ -e go ]; do sleep 0.05; done; echo two; printf half',
  );
  const log = follow(repository, run.slice(0, 12), '-f');
  const asJson = follow(repository, run, '--follow', '--json');
  await until('the first line', () => log.text() === 'one\n');
  writeFileSync(join(repository.root, 'go'), '');
  expect(await log.ended).toMatchObject({ exit: 0, stdout: 'one\ntwo\nhalf\n' });
  const items = (await asJson.ended).stdout.trim().split('\n');
  const texts = items.map((line) => (JSON.parse(line) as RunLogOutput).text);
  expect(texts.join('')).toBe('one\ntwo\nhalf');
});

test('-f can be ended by a signal', async () => {
  const { repository, run } = await started('echo one; exec sleep 300');
  const log = follow(repository, run, '-f');
  await until('the first line', () => log.text() === 'one\n');
  log.child.kill('SIGINT');
  expect(await log.ended).toMatchObject({ exit: 130 });
});

test('lines from the end, the place of the file, and nothing that a terminal would act on', async () => {
  const { repository, run } = await started(
    `for i in 1 2 3 4; do echo "line $i"; done; printf 'a\\033]0;title\\007\\033[31mred\\r\\n'`,
  );
  const [folder = ''] = runFolders(repository.root);
  await until('it has ended', () => hasRunEnded(folder));
  const logs = async (...argv: readonly string[]) => repository.dispatch('logs', run, ...argv);
  expect((await logs('--tail', '2')).stdout).toBe('line 4\nared\n');
  expect((await logs('--path')).stdout).toBe(`${join(folder, 'output.log')}\n`);
  const whole = JSON.parse((await logs('--json')).stdout) as RunLogOutput;
  expect(whole).toMatchObject({ run, truncated: false, left_out: 0 });
  expect(whole.text).toMatch(/^line 1\n.*title/s);
  const tail = JSON.parse((await logs('--json', '--tail', '1')).stdout) as RunLogOutput;
  expect(tail).toMatchObject({ truncated: true, left_out: 0 });
});

test('a run that is not there, one of several, and a log that was deleted', async () => {
  const { repository, run } = await started('true');
  const [folder = ''] = runFolders(repository.root);
  await repository.create('More');
  await until('it has ended', () => hasRunEnded(folder));
  await repository.once();
  await until('both have ended', () => runFolders(repository.root).every(hasRunEnded));
  await repository.once();
  const refused = async (...argv: readonly string[]) => {
    const { exit, stdout } = await repository.dispatch('logs', ...argv, '--json');
    return [exit, JSON.parse(stdout).error?.code];
  };
  expect(await refused('nosuchrun')).toEqual([3, 'RUN_NOT_FOUND']);
  expect(await refused(run.slice(0, 3))).toEqual([3, 'RUN_NOT_FOUND']);
  expect(await refused(run.slice(0, 4))).toEqual([4, 'AMBIGUOUS_ID']);
  expect(await refused('--tail', '-1', run)).toEqual([2, 'USAGE']);
  rmSync(folder, { recursive: true });
  expect(await refused(run)).toEqual([3, 'NO_LOG']);
  expect(await refused(run, '-f')).toEqual([3, 'NO_LOG']);
});

test('secrets are kept out by name and by configuration', async () => {
  const repository = await createRepository();
  await repository.create('Work');
  repository.script(
    'work',
    '#!/bin/sh\nprintf "$DEPLOY_PASS"; sleep 0.2; echo "WORD $DEPLOY_PASSWORD" >&2; echo "$DSN $MODE"\n',
  );
  repository.configure(
    `${AGENT}pass_env = ["DEPLOY_*", "DSN"]\nenv = { MODE = "plain-mode" }\nredact = ["DSN"]\n`,
  );
  const env = { DEPLOY_PASSWORD: 'correct-horse', DEPLOY_PASS: 'short', DSN: 'db://u:p@h' };
  const { exit } = await repository.dispatchWith(env, 'once');
  expect(exit).toBe(0);
  const [folder = ''] = runFolders(repository.root);
  await until('it has ended', () => hasRunEnded(folder));
  const [run] = await repository.runs('--all');
  const { stdout } = await repository.dispatch('logs', run?.run ?? '');
  expect(stdout).toBe('shortWORD [redacted]\n[redacted] plain-mode\n');
});
