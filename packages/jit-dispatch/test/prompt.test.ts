import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { expect, test } from 'vitest';
import { createRepository } from './repository.ts';
import { isQuiet, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const KINDS = ['stdin', 'file', 'env'] as const;
/** Writes down its arguments, its environment and its prompt. */
const WORK = `#!/bin/sh
printf '%s\\n' "$@" > "out/$JIT_AGENT_ID.args"
env -0 > "out/$JIT_AGENT_ID.env"
case "$JIT_AGENT_ID" in
  stdin) cat ;;
  file) cat "$JIT_PROMPT_FILE" ;;
  env) printf '%s' "$JIT_PROMPT" ;;
  *) if [ -n "$JIT_PROMPT" ]; then echo set; fi; cat "$JIT_PROMPT_FILE" ;;
esac > "out/$JIT_AGENT_ID.prompt"
`;
const agentOf = (id: string, prompt: string) =>
  `[[agents]]\nid = "${id}"\ncapacity = 5\ncompletion = "exit"\nprompt = "${prompt}"\ncommand = "./work {issue_id}"\n`;
/** What is passed on, what is set, and what the shell of the agent adds. */
const ALLOWED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TERM|JIT_(ISSUE_ID|AGENT_ID|RUN_ID|CLAIM|HEARTBEAT_FILE|DIR|PROMPT|PROMPT_FILE|TASK_TYPE)|PWD|OLDPWD|SHLVL|_)$/;
const HOSTILE =
  '"; touch pwned $(touch pwned) `touch pwned` --force {{ run.id }} {% include "x" %}';

async function promptRepository(config: string) {
  const repository = await createRepository();
  repository.script('work', WORK);
  mkdirSync(join(repository.root, 'out'));
  repository.configure(config);
  const read = (name: string) => readFileSync(join(repository.root, 'out', name), 'utf8');
  return { repository, read };
}

test('agents get the same prompt by stdin, file and environment, and nothing of it in an argument', async () => {
  const config = KINDS.map((kind) => agentOf(kind, kind)).join('');
  const { repository, read } = await promptRepository(config);
  const { root } = repository;
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs', 'plan.md'), 'The plan is simple.');
  writeFileSync(join(root, '..', 'outside-secret'), 'SECRET');
  symlinkSync('/etc/passwd', join(root, 'docs', 'link.md'));
  const documents = ['docs/plan.md', 'docs/link.md', '../outside-secret', '/etc/passwd'];
  const flags = documents.flatMap((each) => ['--document', each]);
  for (const kind of KINDS) {
    const id = await repository.create(
      HOSTILE,
      '-d',
      HOSTILE,
      '--acceptance',
      'it works',
      ...flags,
    );
    await repository.jit(['issue', 'assign', id, kind]);
  }
  const done = await repository.dispatchWith({ CANARY: 'x', OTHER_TOKEN: 'y' }, 'once', '--json');
  const { started } = JSON.parse(done.stdout) as CycleOutput;
  await until('all have ended', () => isQuiet(root));
  for (const kind of KINDS) {
    const run = started.find(({ agent }) => agent === kind);
    const prompt = read(`${kind}.prompt`);
    expect(prompt).toContain(`# ${HOSTILE}\n`);
    expect(prompt).toContain('- it works\n');
    expect(prompt).toContain('The plan is simple.');
    expect(prompt.match(/\(not read: it is outside of the repository\)/g)).toHaveLength(2);
    expect(prompt.match(/\(not read: it leads out of the repository\)/g)).toHaveLength(1);
    expect(prompt).not.toMatch(/SECRET|root:/);
    expect(read(`${kind}.args`)).toBe(`${run?.issue}\n`);
    const environment = read(`${kind}.env`).split('\0');
    const names = environment.flatMap((each) => each.split('=')[0] ?? []);
    expect(names.filter((name) => name !== '' && !ALLOWED.test(name))).toEqual([]);
    const claim = environment.find((each) => each.startsWith('JIT_CLAIM='))?.slice(10) ?? '';
    expect(claim).not.toBe('');
    expect(prompt).not.toContain(claim);
    const [folder = ''] = runFolders(root).filter((each) => each.endsWith(run?.run ?? '-'));
    const file = join(folder, 'prompt.md');
    expect(readFileSync(file, 'utf8')).toBe(prompt);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(environment).toContain(`JIT_PROMPT_FILE=${file}`);
    expect(environment.some((each) => each.startsWith('JIT_PROMPT='))).toBe(kind === 'env');
  }
  expect(existsSync(join(root, 'pwned'))).toBe(false);
  console.log(
    `${KINDS.length} agents by ${KINDS.join(', ')}: ${KINDS.length} prompts, 0 words of them in arguments, ` +
      `${documents.length - 1} of ${documents.length} documents outside, 0 of them read`,
  );
});

test('a prompt that is too long for a variable is in its file only, and that is said', async () => {
  const config = `${agentOf('long', 'env')}[prompt]\nbudget_tokens = 200000\n`;
  const { repository, read } = await promptRepository(config);
  writeFileSync(join(repository.root, 'text'), 'word '.repeat(40_000));
  await repository.create('Long', '--description-file', 'text');
  const daemon = repository.start();
  await until('it has ended', async () => (await repository.runs('--all'))[0]?.ended_at);
  expect(daemon.log()).toContain('too long for JIT_PROMPT, which is not set');
  expect(read('long.prompt')).toMatch(/^You are long,/);
  expect(Buffer.byteLength(read('long.prompt'))).toBeGreaterThan(200_000);
});

test('a template that fails for one issue costs that run only, and says why', async () => {
  const { repository, read } = await promptRepository(
    `${agentOf('file', 'file')}[prompt]\ntemplate = "prompt.liquid"\n[retry]\nattempts_per_agent = 1\n`,
  );
  const template = '{{ issue.title }} is owned by {{ issue.metadata.owner }}\n';
  writeFileSync(join(repository.root, 'prompt.liquid'), template);
  const bad = await repository.create('Nobody owns it');
  const good = await repository.create('Owned', '--meta', 'owner=ann');
  await repository.once();
  await until('both have ended', async () => {
    await repository.once('--max-issues', '0');
    return (await repository.runs('--all')).every((run) => run.ended_at !== null);
  });
  const runs = await repository.runs('--all');
  expect(runs.find((run) => run.issue === bad)).toMatchObject({
    state: 'failed',
    reason: 'CONTEXT_BUILD_FAILED',
    failed: 'environment',
    exit_code: null,
  });
  expect(runs.find((run) => run.issue === bad)?.detail).toContain(
    'undefined variable: issue.metadata.owner',
  );
  expect(runs.find((run) => run.issue === good)).toMatchObject({ state: 'completed' });
  expect(read('file.prompt')).toBe('Owned is owned by ann\n');
});
