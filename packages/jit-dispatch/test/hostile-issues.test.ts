import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const TITLES: readonly string[] = [
  `both "quotes" and 'quotes'`,
  '--help',
  '-rf /',
  '$(touch pwned) `touch pwned` $HOME',
  '; touch pwned; & touch pwned | touch pwned && touch pwned > pwned',
  '%s %n %d {issue_id} {{run_id}} {title}',
  '\u001b]0;owned\u0007\u001b[31mred\u001b[2J\b\b\b',
  '\u202eright to left\u2066 and \u2028 a line \u0085 more',
  'a NUL \0 in the middle',
  '\\ back \\n slash \\u0000 \\',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f3f3}\ufe0f e\u0301',
  '../../../etc/passwd',
  'x'.repeat(3_000),
];
const BODY = '"; touch pwned\n$(touch pwned)\r\n--claim x\t\u0001\0end';
/** No command takes this, but it can be written into a file. */
const LINES = 'first line\ntouch pwned\r\n2026-01-01T00:00:00.000Z error a forged line of the log';
const KINDS = ['stdin', 'file', 'env'] as const;

const WORK = `#!/bin/sh
printf '%s\\n' "$@" > "out/$JIT_ISSUE_ID.args"
case "$JIT_AGENT_ID" in
  stdin) cat ;;
  file) cat "$JIT_ISSUE_FILE" ;;
  env) printf '%s' "$JIT_ISSUE_JSON" ;;
esac > "out/$JIT_ISSUE_ID.json"
cat "out/$JIT_ISSUE_ID.json"
`;

const agentFor = (kind: string) =>
  `[[agents]]\nid = "${kind}"\ncapacity = 30\ncompletion = "exit"\nissue_json = "${kind}"\ncommand = "./work {issue_id} {agent_id} {run_id}"\n`;

interface Made {
  readonly id: string;
  readonly title: string;
}

/** Makes the issues in one write and gives their ids. */
async function make(repository: Repository, issues: readonly object[]): Promise<Made[]> {
  writeFileSync(join(repository.root, 'plan.json'), JSON.stringify(issues));
  const argv = ['issue', 'create', '--from-json', 'plan.json'];
  return (await repository.jit<{ issues: Made[] }>(argv)).issues;
}

/** Puts a title into the file of an issue that no command would take. */
function rewrite({ root }: Repository, id: string, title: string): void {
  const path = join(root, '.jit', 'issues', `${id}.json`);
  const issue = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, `${JSON.stringify({ ...issue, title }, null, 2)}\n`);
}

/** Characters that do something instead of showing something, but for what parts lines and columns. */
const COMMANDS_A_TERMINAL = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
const LOG_LINE = /^20\d\d-\d\d-\d\dT[\d:.]+Z (?!error a forged)/;

/** The lines people see; what sets a colour is ours. */
function plainLines(text: string): string[] {
  const plain = text.replaceAll(/\p{Cc}\[\d*m/gu, '');
  expect(plain).not.toMatch(COMMANDS_A_TERMINAL);
  return plain.replace(/\n+$/, '').split('\n');
}

test('titles and bodies that look like commands, options or control sequences reach agents unchanged and nothing is executed', async () => {
  const repository = await createRepository();
  const { root } = repository;
  mkdirSync(join(root, 'out'));
  repository.script('work', WORK);
  const plan = TITLES.flatMap((title) =>
    KINDS.map((assignee) => ({ title, description: BODY, assignee })),
  );
  const made = await make(repository, plan);
  const titles = new Map(made.map(({ id }, at) => [id, plan[at]?.title ?? '']));
  repository.configure(`max_concurrent = 90\n${KINDS.map(agentFor).join('')}`);
  const daemon = repository.start();
  await until('all issues are done', async () =>
    (await repository.issues()).every(({ state }) => state === 'done'),
  );
  expect(await daemon.stop()).toMatchObject({ exit: 0 });

  const runs = await repository.runs('--all');
  expect(runs).toHaveLength(made.length);
  for (const { run, issue, agent, state, title } of runs) {
    expect(state).toBe('completed');
    expect(title).toBe(titles.get(issue));
    const text = readFileSync(join(root, 'out', `${issue}.json`), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ id: issue, title, description: BODY });
    const args = readFileSync(join(root, 'out', `${issue}.args`), 'utf8');
    expect(args).toBe(`${issue}\n${agent}\n${run}\n`);
  }
  expect(existsSync(join(root, 'pwned'))).toBe(false);
  const lines = plainLines(daemon.log());
  for (const line of lines) expect(line).toMatch(LOG_LINE);
  expect(lines.filter((line) => line.includes(' start '))).toHaveLength(made.length);
});

test('a list of runs and the status stay readable, whatever the titles', async () => {
  const repository = await createRepository();
  const made = await make(
    repository,
    TITLES.map((title) => ({ title })),
  );
  repository.configure(
    'max_concurrent = 30\n[[agents]]\nid = "a"\ncapacity = 30\ncommand = "sleep 300"\n',
  );
  expect((await repository.once()).started).toHaveLength(made.length);
  const pictures = [
    { command: 'runs', width: 6, place: 3 },
    { command: 'status', width: 7, place: 5 },
  ];
  for (const { command, width, place } of pictures) {
    const { exit, stdout } = await repository.dispatch(command, '--color');
    expect(exit).toBe(0);
    const lines = plainLines(stdout);
    const columns = lines.map((line) => line.split('\t'));
    for (const { id } of made) {
      const rows = columns.filter((row) => row.includes(id));
      expect(rows, `${command} ${id}`).toHaveLength(1);
      // No title makes a column of its own.
      expect(rows[0]).toHaveLength(width);
      expect(rows[0]?.[place]).toBe(id);
    }
  }
});

test('a title of several lines, written into the file, is refused by the tracker: said on one line, the others go on', async () => {
  const repository = await createRepository();
  const [poison, fine] = await make(repository, [
    { title: 'to be rewritten', priority: 'critical' },
    { title: 'Fine' },
  ]);
  rewrite(repository, poison?.id ?? '', LINES);
  repository.configure(
    '[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "true"\n',
  );
  const daemon = repository.start();
  const isDone = async () => (await repository.issue(fine?.id ?? '')).state === 'done';
  await until('the other issue is done', isDone);
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  const lines = plainLines(daemon.log());
  for (const line of lines) expect(line).toMatch(LOG_LINE);
  const said = lines.filter((line) => line.includes(`issue=${poison?.id}`));
  expect(said.join('\n')).toContain('more than one line');
  expect(existsSync(join(repository.root, 'pwned'))).toBe(false);
});

describe('a body of a megabyte', () => {
  const large = (letter: string) => letter.repeat(1_000_000);

  test('reaches an agent whole by stdin and by file, also when together they are more than is read at once', async () => {
    const repository = await createRepository();
    mkdirSync(join(repository.root, 'out'));
    repository.script('work', WORK);
    // In JSON a control character takes six: three of these are more than 16 MiB of answers to claims.
    const letters = ['\u0001', 'a', '\u0001', '\u0001'];
    const made = await make(
      repository,
      letters.map((letter, at) => ({
        title: `Large ${at}`,
        description: large(letter),
        assignee: at % 2 === 0 ? 'stdin' : 'file',
      })),
    );
    repository.configure(agentFor('stdin') + agentFor('file'));
    const daemon = repository.start();
    await until('all issues are done', async () =>
      (await repository.issues()).every(({ state }) => state === 'done'),
    );
    expect(await daemon.stop()).toMatchObject({ exit: 0 });
    for (const [at, { id }] of made.entries()) {
      const text = readFileSync(join(repository.root, 'out', `${id}.json`), 'utf8');
      expect(JSON.parse(text).description === large(letters[at] ?? '')).toBe(true);
    }
    const runs = await repository.runs('--all');
    expect(runs.map(({ state }) => state)).toEqual(letters.map(() => 'completed'));
  });

  test('is too long for the environment: said with a way out, no blame for the agent, the others go on', async () => {
    const repository = await createRepository();
    mkdirSync(join(repository.root, 'out'));
    repository.script('work', WORK);
    const made = await make(repository, [
      { title: 'Large', description: large('x'), priority: 'critical' },
      { title: 'Small' },
    ]);
    repository.configure(`[retry]\nfirst_secs = 3600\nmax_secs = 3600\n${agentFor('env')}`);
    const cycle = await repository.once();
    expect(cycle.failed).toMatchObject([
      { issue: made[0]?.id, reason: 'spawn_failed', failed: 'environment' },
    ]);
    expect(cycle.failed[0]?.detail).toContain('use issue_json = "file" or "stdin"');
    expect(cycle.started).toMatchObject([{ issue: made[1]?.id }]);
    expect(await repository.issue(made[0]?.id ?? '')).toMatchObject({ state: 'open', claim: null });
  });
});
