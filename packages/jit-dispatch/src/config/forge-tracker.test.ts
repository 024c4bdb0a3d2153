import { describe, expect, test } from 'vitest';
import { parseConfig } from './load.ts';

const AGENT = '[[agents]]\nid = "a"\ncommand = "true"\n';
const parse = (text: string) => parseConfig('/c/dispatch.toml', text);
const GITHUB = '[tracker]\nkind = "github"\n[github]\nrepository = "acme/anvil"\n';

describe('issues of a forge', () => {
  test('are looked at less often, held longer, and finished by the exit code', async () => {
    const { config, warnings } = await parse(`label_filter = ["ai"]\n${GITHUB}${AGENT}`);
    expect(config).toMatchObject({
      pollIntervalSecs: 60,
      leaseSecs: 3600,
      agents: [{ completion: 'exit' }],
      tracker: {
        forge: {
          kind: 'github',
          repository: 'acme/anvil',
          url: null,
          token: { env: 'GITHUB_TOKEN' },
        },
        agentLabel: 'agent:{agent_id}',
        assign: null,
        accounts: [],
      },
    });
    expect(warnings).toEqual([]);
  });

  test('what is written stays, but for what no forge likes, which is said', async () => {
    const keys = 'poll_interval_secs = 5\nlease_secs = 900\n';
    const { config, warnings } = await parse(`${keys}${GITHUB}${AGENT}completion = "issue"\n`);
    expect(config).toMatchObject({
      pollIntervalSecs: 60,
      leaseSecs: 900,
      agents: [{ completion: 'issue' }],
    });
    expect(warnings).toEqual([
      '/c/dispatch.toml:1: poll_interval_secs: 5 s is too often for a forge: it is looked at every 60 s',
    ]);
  });

  test('who is no program here finishes as ever: a person, and who is asked or asks nobody', async () => {
    const others = ['kind = "human"', 'kind = "http"', 'type = "http"', 'kind = "copilot-sdk"'];
    const http = '[agents.http]\nurl = "https://agents.example/work"\n';
    const agents = others.map((line, at) => {
      const table = `[[agents]]\nid = "a${at}"\n${line}\n`;
      return line.includes('http') ? `${table}${http}` : table;
    });
    const { config } = await parse(`${GITHUB}${agents.join('')}`);
    expect(config.agents.map(({ completion }) => completion)).toEqual([
      ...['issue', 'issue', 'issue', 'exit'],
    ]);
  });

  test('beside those of jit, agents finish as ever', async () => {
    const repositories =
      '[[repositories]]\nname = "x"\ndir = "x"\n[[repositories]]\nname = "y"\nkind = "gitea"\nrepository = "acme/y"\n[gitea]\nurl = "https://git.example"\n';
    const { config } = await parse(`${repositories}${AGENT}`);
    expect(config).toMatchObject({
      leaseSecs: 3600,
      agents: [{ completion: 'issue' }],
      repositories: [
        { name: 'x', forge: null },
        { name: 'y', forge: { kind: 'gitea', repository: 'acme/y', url: 'https://git.example' } },
      ],
    });
  });

  test('those of jit are as they were', async () => {
    const { config } = await parse(AGENT);
    expect(config).toMatchObject({
      pollIntervalSecs: 30,
      leaseSecs: 600,
      agents: [{ completion: 'issue' }],
      tracker: { forge: null },
    });
  });

  test.each([
    [
      '[tracker]\nkind = "github"\n',
      'tracker.kind: needs the repository: [github] repository = "owner/name"',
    ],
    ['[tracker]\nkind = "gitea"\n[gitea]\nrepository = "a/b"\n', 'gitea.url: is missing'],
    [`${GITHUB.replace('\n[', '\ndir = "x"\n[')}`, 'tracker.dir: is for jit, and kind is "github"'],
    ['[tracker]\nkind = "gitlab"\n', 'tracker.kind'],
    ['[tracker]\nagent_label = "agent"\n', 'tracker.agent_label: has to hold {agent_id} once'],
    ['[tracker]\nassign = "a b"\n', 'tracker.assign: has to be a login name'],
    ['[[repositories]]\nname = "x"\nkind = "github"\n', 'repositories[0]: needs the repository'],
    [
      '[[repositories]]\nname = "x"\nkind = "github"\nrepository = "a/b"\ndir = "x"\n',
      'has dir or command, which are for jit',
    ],
    ['[[repositories]]\nname = "x"\ndir = "x"\nrepository = "a/b"\n', 'repository: is for a forge'],
  ])('%j is refused by its key', async (text, message) => {
    await expect(parse(`${text}${AGENT}`)).rejects.toThrow(message);
  });
});
