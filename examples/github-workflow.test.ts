// The workflow: its commands are run as they stand, against GitHub on loopback.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bundlePath, cleanEnv, collect } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { startGithub } from '../packages/jit-dispatch/test/forge/github-server.ts';
import { textOf } from './test-tools.ts';

const WORKFLOW = textOf('examples/github-workflow.yml');

/** The shell text of a step. */
function stepOf(name: string): string {
  const step =
    WORKFLOW.slice(WORKFLOW.indexOf(`- name: ${name}\n`)).split(/\n {6}(?:-|#) /)[0] ?? '';
  return step.slice(step.indexOf('run: ') + 5).replace(/^\|\n/, '');
}

/** What the environment of a step is where nobody gave inputs by hand. */
function defaultsOf(name: string): Record<string, string> {
  const [step = ''] = WORKFLOW.slice(WORKFLOW.indexOf(`- name: ${name}\n`)).split('run: ');
  return Object.fromEntries(
    [...step.matchAll(/^ +(\w+): \$\{\{ inputs\.\w+ \|\| '([^']+)' \}\}$/gm)].map(
      ([, variable = '', value = '']) => [variable, value],
    ),
  );
}

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

test('the job starts what has the label, waits for its agents, and closes what they have done', async () => {
  const server = await startGithub();
  const { repository } = server;
  server.tokens.set('token-of-app', 'github-actions[bot]');
  for (let count = 0; count < 4; count += 1) repository.addIssue({ labels: ['ai'] });
  repository.addIssue({ labels: ['bug'] });
  // Tokens of apps belong to nobody.
  server.fault({
    does: 'answer',
    answer: { status: 403, body: { message: 'Resource not accessible by integration' } },
    when: ({ path }) => path === '/user',
  });
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  script(
    join(bin, 'npx'),
    `shift; exec "${process.execPath}" "${bundlePath('jit-dispatch')}" "$@"`,
  );
  script(join(bin, 'sleep'), 'exec /bin/sleep 0.1');
  script(join(folder, 'work'), 'exec /bin/sleep 0.5');
  writeFileSync(
    join(folder, 'dispatch.toml'),
    `label_filter = ["ai"]\n[tracker]\nkind = "github"\naccounts = ["github-actions[bot]"]\n[github]\nrepository = "acme/anvil"\nurl = "${server.url}"\n[[agents]]\nid = "a"\ncapacity = 9\ncommand = "./work"\n`,
  );
  const env = cleanEnv({
    GITHUB_TOKEN: 'token-of-app',
    PATH: [bin, process.env.PATH].join(delimiter),
  });
  const start = 'Start what can be started';
  const steps = [
    { name: start, inputs: { MAX_ISSUES: '0', STRATEGY: 'random' } },
    { name: start, inputs: {} },
    { name: 'Wait for the agents', inputs: {} },
  ];
  for (const { name, inputs } of steps) {
    const step = spawn('/bin/sh', ['-e', '-c', stepOf(name)], {
      cwd: folder,
      env: { ...env, ...defaultsOf(name), ...inputs },
      stdio: 'pipe',
    });
    const ended = await collect(step);
    expect(ended, `${ended.stdout}${ended.stderr}`).toMatchObject({ exit: 0 });
  }
  expect(repository.issues.map(({ state }) => state)).toEqual([
    'closed',
    'closed',
    'closed',
    'open',
    'open',
  ]);
  expect(defaultsOf(start)).toEqual({ STRATEGY: 'best-match', MAX_ISSUES: '3', LABEL: 'ai' });
  const authors = new Set(repository.comments.map(({ author }) => author));
  expect([...authors]).toEqual(['github-actions[bot]']);
});

test('one job runs at a time, on labels and by the clock, with no more rights than it needs', () => {
  expect(WORKFLOW).toMatch(
    /^concurrency:\n {2}group: jit-dispatch\n {2}cancel-in-progress: false$/m,
  );
  expect(WORKFLOW).toMatch(/^ {4}types: \[labeled/m);
  expect(WORKFLOW).toMatch(/^ {4}- cron: /m);
  expect(WORKFLOW).toMatch(/^permissions:\n {2}contents: write\n {2}issues: write\n\n/m);
});
