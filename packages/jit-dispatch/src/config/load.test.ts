import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AGENT = '[[agents]]\nid = "a"\ncommand = "agent"\n';

function load(text: string) {
  const file = join(folder, 'dispatch.toml');
  writeFileSync(file, text);
  return loadConfig(file);
}

/** What is said about a file that is refused, with the folder left out. */
async function refusal(text: string): Promise<string> {
  const error = await load(text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JitError)) throw new Error(`not refused: ${error}`);
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message.replaceAll(`${folder}/`, '');
}

test('the file of the design is understood', async () => {
  const { config, warnings } = await load(`
poll_interval_secs = 30
max_concurrent = 10
strategy = "best-match"
watch = true

[[agents]]
id = "copilot-1"
type = "github-copilot"
capacity = 3
tags = ["rust", "python"]
command = "copilot-agent --issue {issue_id}"

[[agents]]
id = "ci-runner-1"
type = "github-actions"
max_concurrent = 5
command = "ci-agent"
`);
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({ pollIntervalSecs: 30, maxConcurrent: 10, watch: true });
  expect(config.agents.map(({ id, capacity, argv }) => ({ id, capacity, argv }))).toEqual([
    { id: 'copilot-1', capacity: 3, argv: ['copilot-agent', '--issue', '{issue_id}'] },
    { id: 'ci-runner-1', capacity: 5, argv: ['ci-agent'] },
  ]);
});

test('everything else has a default', async () => {
  const { config } = await load(AGENT);
  expect(config).toMatchObject({
    name: null,
    pollIntervalSecs: 30,
    maxConcurrent: 10,
    leaseSecs: 600,
    stopGraceSecs: 10,
    drainSecs: 75,
    tracker: { argv: null, dir: null, timeoutSecs: 30 },
  });
  expect(config.agents).toEqual([
    {
      id: 'a',
      title: null,
      kind: 'command',
      outside: null,
      type: null,
      capacity: 1,
      tags: [],
      role: null,
      capabilities: [],
      skills: [],
      strengths: [],
      class: 'ai',
      mayTakeHighRisk: false,
      argv: ['agent'],
      completion: 'issue',
      issueJson: null,
      prompt: null,
      health: null,
      env: {},
      passEnv: [],
      redact: [],
      timeLimitSecs: 7200,
      stall: { startupGraceSecs: 300, warnSecs: 300, notifySecs: 600, stopSecs: 900 },
      account: 'a',
      rateLimitExit: [75],
      rateLimitPattern: null,
    },
  ]);
});

test('both spellings of capacity may be given if they agree', async () => {
  const { config } = await load(`${AGENT}capacity = 4\nmax_concurrent = 4\n`);
  expect(config.agents[0]?.capacity).toBe(4);
});

test('a relative program is found from the folder of the file', async () => {
  const { config } = await load(
    '[tracker]\ncommand = ["./tools/jit", "x"]\n[[agents]]\nid = "a"\ncommand = "./agent.sh now"\n',
  );
  expect(config.agents[0]?.argv).toEqual([join(folder, 'agent.sh'), 'now']);
  expect(config.tracker.argv).toEqual([join(folder, 'tools/jit'), 'x']);
});

test('an agent has a name for people of one line', async () => {
  const { config } = await load(`${AGENT}title = "Ana, of the tools"\n`);
  expect(config.agents[0]).toMatchObject({ id: 'a', title: 'Ana, of the tools' });
  await expect(load(`${AGENT}title = "a\\nb"\n`)).rejects.toThrow('has to be one line');
});

test('a strength that is no known kind of work is a warning with the nearest one', async () => {
  const { warnings } = await load(
    `${AGENT}strengths = ["research", "refactorng", "Code-Review"]\n`,
  );
  expect(warnings).toEqual([
    expect.stringMatching(
      /:4: agents\[0\]\.strengths\[1\]: "refactorng" is no known kind .* did you mean 'refactoring'\?$/,
    ),
  ]);
  const own = '[[task_types]]\nname = "refactorng"\nkeywords = ["x"]\n';
  const known = await load(`${own}${AGENT}strengths = ["refactorng"]\n`);
  expect(known.warnings).toEqual([]);
});

test('an unknown key is a warning with the nearest one', async () => {
  const { warnings } = await load(`pol_interval_secs = 5\n${AGENT}capcity = 2\nzzzzzzzz = 1\n`);
  expect(warnings.map((text) => text.replaceAll(`${folder}/`, ''))).toEqual([
    "dispatch.toml:1: pol_interval_secs: unknown key, ignored; did you mean 'poll_interval_secs'?",
    "dispatch.toml:5: agents[0].capcity: unknown key, ignored; did you mean 'capacity'?",
    'dispatch.toml:6: agents[0].zzzzzzzz: unknown key, ignored; see dispatch.toml.example',
  ]);
});

describe('refused, with line and key', () => {
  test.each([
    [
      'no number',
      `poll_interval_secs = "often"\n${AGENT}`,
      'dispatch.toml:1: poll_interval_secs: must be a number, is the text "often"',
    ],
    [
      'too small',
      `${AGENT}capacity = 0\n`,
      'dispatch.toml:4: agents[0].capacity: must be at least 1, is the number 0',
    ],
    [
      'too big',
      `drain_secs = 1e9\n${AGENT}`,
      'dispatch.toml:1: drain_secs: must be at most 604800, is the number 1000000000',
    ],
    [
      'a part of an agent',
      `${AGENT}capacity = 1.5\n`,
      'dispatch.toml:4: agents[0].capacity: must be a whole number, is the number 1.5',
    ],
    [
      'none of the words',
      `${AGENT}completion = "done"\n`,
      'dispatch.toml:4: agents[0].completion: must be "issue" or "exit", is the text "done"',
    ],
    [
      'an agent without a name',
      '[[agents]]\ncommand = "x"\n',
      'dispatch.toml:1: agents[0].id: is missing: it must be a text in quotes',
    ],
    [
      'an empty command',
      '[[agents]]\nid = "a"\ncommand = ""\n',
      'dispatch.toml:3: agents[0].command: is empty',
    ],
    [
      'a command that is a number',
      '[[agents]]\nid = "a"\ncommand = 5\n',
      'dispatch.toml:3: agents[0].command: must be a text in quotes or a list of such texts, is the number 5',
    ],
    [
      'a number in a command',
      '[[agents]]\nid = "a"\ncommand = ["x", 5]\n',
      'dispatch.toml:3: agents[0].command[1]: must be a text in quotes, is the number 5',
    ],
    ['nothing at all', '', 'dispatch.toml: agents: there is no [[agents]] table'],
    [
      'one pair of brackets',
      '# one\n[agents]\nid = "a"\n',
      'dispatch.toml:2: agents: is no list of tables: head each agent with [[agents]]',
    ],
    [
      'two capacities',
      `${AGENT}capacity = 2\nmax_concurrent = 3\n`,
      'dispatch.toml:5: agents[0].max_concurrent: says 3, but capacity, the same thing, says 2',
    ],
    [
      'the same id twice',
      `${AGENT}${AGENT}`,
      'dispatch.toml:5: agents[1].id: a is agents[0] already',
    ],
    [
      'ids that differ in case only',
      `${AGENT}[[agents]]\nid = "A"\ncommand = "x"\n`,
      'dispatch.toml:5: agents[1].id: A is agents[0] already',
    ],
    [
      'an id that is an option',
      '[[agents]]\nid = "-x"\ncommand = "x"\n',
      'dispatch.toml:2: agents[0].id: "-x": it begins with "-" or "."',
    ],
    [
      'no command',
      '[[agents]]\nid = "a"\ntype = "github-copilot"\n',
      'dispatch.toml:1: agents[0].command: is missing',
    ],
    [
      'a placeholder that does not exist',
      '[[agents]]\nid = "a"\ncommand = "x {title}"\n',
      'dispatch.toml:3: agents[0].command: {title} is no placeholder',
    ],
    [
      'a shell operator',
      '[[agents]]\nid = "a"\ncommand = "x | y"\n',
      'dispatch.toml:3: agents[0].command: "|" needs a shell',
    ],
    [
      'a strategy that is none',
      `strategy = "round-robbin"\n${AGENT}`,
      'dispatch.toml:1: strategy: "round-robbin" is no strategy; did you mean \'round-robin\'?',
    ],
    [
      'only an agent that is none',
      `strategy = "only:b"\n${AGENT}`,
      'dispatch.toml:1: strategy: is only:b, and no agent is called "b"; there are a',
    ],
    [
      'a threshold out of range',
      `[classification]\nthreshold = 70\n${AGENT}`,
      'dispatch.toml:2: classification.threshold: must be at most 1, is the number 70',
    ],
    [
      'a risk threshold out of range',
      `[risk]\nthreshold = 11\n${AGENT}`,
      'dispatch.toml:2: risk.threshold: must be at most 10, is the number 11',
    ],
    [
      'a classifier without a command',
      `[classification]\nby = "command"\n${AGENT}`,
      'dispatch.toml:2: classification.by: is "command", and there is no command',
    ],
    [
      'a keyword with an asterisk inside',
      `[[task_types]]\nname = "x"\nkeywords = ["a*b"]\n${AGENT}`,
      'dispatch.toml:3: task_types[0].keywords[0]: "a*b" `*` stands at the end of a keyword only',
    ],
    [
      'one kind of work twice',
      `[[task_types]]\nname = "code-review"\n[[task_types]]\nname = "code_review"\n${AGENT}`,
      'dispatch.toml:4: task_types[1].name: code_review is task_types[0] already',
    ],
    [
      'a match in which nothing counts',
      `[match]\ntags = 0\nstrengths = 0\nclass = 0\n${AGENT}`,
      'dispatch.toml:1: match: has no weight above 0',
    ],
    [
      'a risk map that is not there',
      `[risk]\nmap = "none.json"\n${AGENT}`,
      'none.json does not exist',
    ],
    [
      'a kind that there is not',
      `${AGENT}kind = "htttp"\n`,
      'dispatch.toml:4: agents[0].kind: must be "command" or "http" or',
    ],
    ['no agents', 'watch = true\n', 'dispatch.toml: agents: '],
  ])('%s', async (_, text, message) => {
    expect(await refusal(text)).toContain(message);
  });

  test('what is no TOML', async () => {
    expect(await refusal('watch = true\nagents = [\n')).toMatch(
      /^dispatch\.toml:\d+: no valid TOML: /,
    );
  });

  test('everything at once', async () => {
    const lines = (await refusal(`watch = 1\n${AGENT}capacity = -1\n`)).split('\n');
    expect(lines).toHaveLength(2);
  });
});

test('a folder is refused as what it is', async () => {
  await expect(loadConfig(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    kind: 'invalid',
    message: `${folder} is a folder, no configuration`,
  });
});

test('a file that does not exist is named', async () => {
  await expect(loadConfig(join(folder, 'none.toml'))).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    kind: 'not_found',
  });
});

test('a NUL character in a command or a variable is refused', async () => {
  const nul = 'it holds a NUL character, which no program can be given';
  expect(await refusal('[[agents]]\nid = "a"\ncommand = "agent x\\u0000"\n')).toContain(nul);
  expect(await refusal('[[agents]]\nid = "a"\ncommand = ["agent", "\\u0000"]\n')).toContain(nul);
  expect(await refusal(`${AGENT}env = { A = "\\u0000" }\n`)).toContain(nul);
  expect(await refusal(`[tracker]\ncommand = "jit \\u0000"\n${AGENT}`)).toContain(nul);
});

describe('the stages of silence', () => {
  test('come one after the other, for all agents and for one', async () => {
    expect(await refusal(`[stall]\nnotify_secs = 200\n${AGENT}`)).toBe(
      'dispatch.toml:2: stall.notify_secs: is 200, less than warn_secs (300); 0 turns a stage off',
    );
    expect(await refusal(`${AGENT}stall = { stop_secs = 10 }\n`)).toBe(
      'dispatch.toml:4: agents[0].stall.stop_secs: is 10, less than notify_secs (600); 0 turns a stage off',
    );
  });
  test('may be off, or equal, or parts of a second', async () => {
    const stall = 'stall = { warn_secs = 0.5, notify_secs = 0, stop_secs = 0.5 }\n';
    const { config } = await load(AGENT + stall);
    expect(config.agents[0]?.stall).toEqual({
      startupGraceSecs: 300,
      warnSecs: 0.5,
      notifySecs: 0,
      stopSecs: 0.5,
    });
  });
});

test.each([
  ['jit', 'has no {issue_id} in it: each issue has a branch of its own'],
  ['jit/{issue_id}/{agent_id}', 'has {agent_id} in it, and only {issue_id} is known here'],
  ['a b/{issue_id}', "a b/{issue_id} can't be the name of a branch"],
  ['-{issue_id}', "-{issue_id} can't be the name of a branch"],
  ['../{issue_id}', "../{issue_id} can't be the name of a branch"],
  ['{issue_id}.lock', "{issue_id}.lock can't be the name of a branch"],
])('%s is no branch for worktrees', async (branch, words) => {
  const text = await refusal(`[workspace]\nbranch = "${branch}"\n${AGENT}`);
  expect(text).toContain(`workspace.branch`);
  expect(text).toContain(words);
});

test('pull requests need a worktree, a repository, one tracker and templates that work', async () => {
  const forge = '[github]\nrepository = "acme/anvil"\n';
  const worktree = '[workspace]\nkind = "worktree"\n';
  const on = '[pull_request]\non = "github"\n';
  const { config } = await load(`${on}${worktree}${forge}${AGENT}`);
  expect(config.pullRequest).toMatchObject({ forge: 'github', remote: 'origin', base: null });
  expect((await load(`${worktree}${forge}${AGENT}`)).config.pullRequest).toBeNull();
  expect(await refusal(`${on}${forge}${AGENT}`)).toBe(
    'dispatch.toml:2: pull_request.on: needs workspace.kind = "worktree": with "none" no run has a branch of its own',
  );
  expect(await refusal(`${on}${worktree}${AGENT}`)).toBe(
    'dispatch.toml:2: pull_request.on: needs github.repository: nothing says which one',
  );
  const several = '[[repositories]]\nname = "web"\ndir = "web"\n';
  expect(await refusal(`${on}${worktree}${forge}${several}${AGENT}`)).toContain(
    'pull_request.on: is for one repository',
  );
  const wrong = `${on}remote = "--exec=x"\ntitle = "{{ issue.titel }}"\n${worktree}${forge}${AGENT}`;
  expect(await refusal(wrong)).toBe(
    'dispatch.toml:3: pull_request.remote: has to be the name of a git remote',
  );
  const title = await refusal(wrong.replace('--exec=x', 'origin'));
  expect(title).toBe(
    "dispatch.toml:4: pull_request.title: there is no variable issue.titel; did you mean 'issue.title'?",
  );
  const body = `${on}body = "{{ dependencies }}"\n${worktree}${forge}${AGENT}`;
  expect(await refusal(body)).toContain('pull_request.body: there is no variable dependencies');
});
