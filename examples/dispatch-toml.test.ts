import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../packages/jit-dispatch/src/config/load.ts';
import { DispatchFile } from '../packages/jit-dispatch/src/config/schema.ts';
import { blocksOf, fileOf, project, textOf } from './test-tools.ts';

/** Keys that stand for another one, or whose example says more than a default could. */
const WITHOUT_DEFAULT = [
  'name',
  'command',
  'dir',
  'type',
  'issue_json',
  'pass_env',
  'env',
  'hook',
  'token_env',
  'stall',
  'redact',
  'account',
  'rate_limit_pattern',
  'template',
  'root',
  'create',
  'before',
  'after',
  'remove',
  'port',
  'prompt',
  'health',
  'role',
  'capabilities',
  'skills',
  'strengths',
  'map',
  'repository',
  'url',
  'token_file',
  'assign',
  'human',
  'hybrid',
  'ai',
  'ref',
  'model',
  'poll_url',
  'cancel_url',
  'notify',
  'pull_request.base',
  'title',
  'pull_request.body',
];

/** The example with every key and table switched on that stands behind a `#`. */
function switchedOn(): string {
  return textOf('dispatch.toml.example').replace(/^# ([a-z_]+ = |\[\[|\[agents\.)/gm, '$1');
}

async function load(text: string) {
  const folder = tempFolder();
  const file = join(folder, 'dispatch.toml');
  writeFileSync(join(folder, 'prompt.liquid'), '{{ issue.title }}');
  writeFileSync(join(folder, 'risk-map.json'), '{"keywords": {"auth*": 8}}');
  writeFileSync(file, text);
  return loadConfig(file);
}

/** What is looked at of a schema. */
interface Schema {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  unwrap?(): Schema;
}

/** The names of all keys, those of tables within tables too. */
function keysOf(schema: Schema): string[] {
  const { shape, element } = schema;
  if (shape !== undefined)
    return Object.entries(shape).flatMap(([key, each]) => [key, ...keysOf(each)]);
  const inner = element ?? schema.unwrap?.();
  return inner === undefined ? [] : keysOf(inner);
}

/** The lines that show a default, switched on, under the names of their tables. */
function defaultsIn(text: string): string[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    if (/^\[[a-z_.]+\]$/.test(line)) {
      table = line.slice(1, -1);
      return [line];
    }
    const key = /^# ([a-z_]+) = /.exec(line)?.[1];
    if (key === undefined) return [];
    const hasNone = [key, `${table}.${key}`].some((name) => WITHOUT_DEFAULT.includes(name));
    return hasNone ? [] : [line.slice(2)];
  });
}

describe('dispatch.toml.example', () => {
  test('is accepted as it is, without a warning', async () => {
    const { warnings, config } = await load(textOf('dispatch.toml.example'));
    expect(warnings).toEqual([]);
    expect(config.agents.map(({ id, capacity }) => [id, capacity])).toEqual([
      ['copilot-1', 3],
      ['ci-runner-1', 5],
    ]);
  });

  test('names every key there is, and no other one', async () => {
    // With everything on there is a forge, which is not looked at as often as that.
    const text = switchedOn().replace('poll_interval_secs = 30', 'poll_interval_secs = 60');
    const { warnings } = await load(text);
    expect(warnings).toEqual([]);
    const named = new Set(
      [...text.matchAll(/^([a-z_]+) = |^\[+(?:[a-z_]+\.)?([a-z_]+)\]+$|[{,] ([a-z_]+) = /gm)].map(
        ([, key, table, inner]) => key ?? table ?? inner,
      ),
    );
    const keys = keysOf(DispatchFile as unknown as Schema);
    expect([...named].sort()).toEqual([...new Set(keys)].sort());
  });

  test('shows the defaults', async () => {
    const bare = '[[agents]]\nid = "copilot-1"\ncommand = "true"\n';
    const { config: defaults } = await load(bare);
    const [head = '', ...agents] = textOf('dispatch.toml.example').split(/^\[\[agents\]\]\n/m);
    const ofFile = defaultsIn(head);
    const ofAgent = agents.flatMap((agent) => defaultsIn(agent.split(/^# \[\[/m)[0] ?? ''));
    expect(ofFile.length).toBeGreaterThan(20);
    expect(ofAgent.length).toBeGreaterThan(3);
    const text = [...ofFile, bare, ...ofAgent].join('\n');
    const { config } = await load(text);
    const { file: __, folder: ___, ...values } = config;
    expect(values).toEqual({ ...defaults, file: undefined, folder: undefined });
  });

  test('shows the defaults of agents elsewhere', async () => {
    const withoutExtras = switchedOn().replace(
      /^(poll_url|cancel_url|model|ref|token_file) = .*\n/gm,
      '',
    );
    const { config } = await load(withoutExtras);
    const bare = `
[github]
repository = "owner/name"
[gitea]
repository = "owner/name"
url = "https://gitea.example.com"
[[agents]]
kind = "http"
id = "api-1"
http = { url = "https://agents.example.com/issues/{issue_id}", token_env = "AGENT_TOKEN" }
[[agents]]
kind = "gitea-label"
id = "claude"
label = { name = "claude-ready" }
[[agents]]
kind = "github-actions"
id = "actions"
workflow = { file = "work.yml" }
[[agents]]
kind = "copilot-sdk"
id = "copilot-2"
[[agents]]
kind = "human"
id = "ana"
human = { notify = ["./tell-ana.sh"] }
`;
    const { config: defaults } = await load(bare);
    const settings = (agents: typeof config.agents) =>
      agents.flatMap(({ outside }) =>
        outside === null ? [] : [{ ...outside.settings, forge: null, folder: null, notify: null }],
      );
    expect(settings(config.agents)).toEqual(settings(defaults.agents));
    expect(settings(config.agents)).toHaveLength(5);
  });

  test('works as it is beside the examples', async () => {
    const { folder } = await project();
    cpSync(fileOf('dispatch.toml.example'), join(folder, 'dispatch.toml'));
    const ended = await runBundle('jit-dispatch', ['once', '--dry-run'], { cwd: folder });
    expect(ended).toMatchObject({ exit: 0, stdout: 'dry run: 0 ready, 0 would start\n' });
  });
});

test('the configurations of the integration patterns are accepted', async () => {
  const blocks = blocksOf('examples/integration-patterns.md', 'toml');
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) expect((await load(block)).warnings).toEqual([]);
});
