import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from './load.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-kinds-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FORGES = `[github]
repository = "acme/anvil"
[gitea]
repository = "acme/anvil"
url = "http://127.0.0.1:1"
`;
const agent = (keys: string, forges = FORGES) => `${forges}[[agents]]\nid = "a"\n${keys}`;

async function load(text: string) {
  const file = join(folder, 'dispatch.toml');
  writeFileSync(file, text);
  const { config } = await loadConfig(file);
  return config.agents[0];
}

async function refusal(text: string): Promise<string> {
  try {
    await load(text);
  } catch (error) {
    if (error instanceof JitError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'it was accepted';
}

const HTTP = '[agents.http]\nurl = "http://127.0.0.1/work"\n';

describe('the kind of an agent', () => {
  test.each([
    ['command = "true"\n', 'command'],
    ['type = "http"\ncommand = "true"\n', 'command'],
    [`type = "http"\n${HTTP}`, 'http'],
    ['kind = "human"\n', 'human'],
    ['type = "gitea-label"\n[agents.label]\nname = "x"\n', 'gitea-label'],
    ['kind = "github-actions"\n[agents.workflow]\nfile = "w.yml"\n', 'github-actions'],
    ['kind = "copilot-sdk"\n', 'copilot-sdk'],
  ])('%j is %s', async (keys, kind) => {
    const found = await load(agent(keys));
    expect(found?.kind).toBe(kind);
    expect(found?.outside?.kind ?? 'command').toBe(kind);
  });
});

test('an agent elsewhere is done by its good end, has a time limit and no limit of silence', async () => {
  const found = await load(agent('kind = "copilot-sdk"\n', `[stall]\nstop_secs = 900\n${FORGES}`));
  expect(found).toMatchObject({ completion: 'exit', timeLimitSecs: 7200, prompt: 'file' });
  expect(found?.stall).toMatchObject({ warnSecs: 0, notifySecs: 0, stopSecs: 0 });
});

test('a person finishes the issue itself, and has no time limit', async () => {
  expect(await load(agent('kind = "human"\n'))).toMatchObject({
    completion: 'issue',
    timeLimitSecs: 0,
  });
});

test('an agent behind an address that nobody asks finishes the issue itself', async () => {
  const way = (keys: string) => load(agent(`kind = "http"\n${HTTP}${keys}`));
  expect((await way(''))?.completion).toBe('issue');
  expect((await way('callback = true\n'))?.completion).toBe('exit');
  expect((await way('poll_url = "http://127.0.0.1/{run_id}"\n'))?.completion).toBe('exit');
});

describe('is refused with line and key', () => {
  test.each([
    ['no table', 'kind = "http"\n', 'agents[0].http: is missing: kind http needs the address'],
    [
      'the table of another kind',
      `kind = "human"\n${HTTP}`,
      'dispatch.toml:9: agents[0].http: is for kind http, and this agent is of kind human',
    ],
    [
      'a command beside it',
      `kind = "http"\ncommand = "true"\n${HTTP}`,
      'dispatch.toml:9: agents[0].command: is for kind command, and this agent is of kind http',
    ],
    [
      'no forge',
      'kind = "github-label"\n[agents.label]\nname = "x"\n',
      'agents[0].kind: is github-label, and [github] names no repository',
      '',
    ],
    [
      'an unknown placeholder',
      'kind = "http"\n[agents.http]\nurl = "http://127.0.0.1/{issue}"\n',
      'agents[0].http.url: {issue} is no placeholder; there are {issue_id}, {agent_id}, {run_id}',
    ],
    [
      'a password',
      'kind = "http"\n[agents.http]\nurl = "http://u:p@127.0.0.1/"\n',
      'agents[0].http.url: holds a password: name a variable in token_env instead',
    ],
    [
      'two ways to be done',
      `kind = "http"\n${HTTP}callback = true\npoll_url = "http://127.0.0.1/x"\n`,
      'agents[0].http.poll_url: is given, and callback is true',
    ],
    [
      'no way to be done',
      `kind = "http"\ncompletion = "exit"\n${HTTP}`,
      'agents[0].completion: is exit, but nothing tells when it is done',
    ],
    [
      'an end that a person does not have',
      'kind = "human"\ncompletion = "exit"\n',
      'agents[0].completion: is exit, but a person finishes the issue itself',
    ],
    [
      'the input of the run',
      'kind = "github-actions"\n[agents.workflow]\nfile = "w"\ninputs = { run = "x" }\n',
      'agents[0].workflow.inputs.run: gets the id of the run (run_input)',
    ],
    [
      'no time limit of a program',
      'command = "true"\ntime_limit_secs = 0\n',
      'agents[0].time_limit_secs: has to be at least 0.1; only a human may have none (0)',
    ],
  ])('%s', async (_, keys, message, forges = FORGES) => {
    expect(await refusal(agent(keys, forges))).toContain(message);
  });
});
