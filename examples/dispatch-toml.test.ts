import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../packages/jit-dispatch/src/config/load.ts';
import { AgentTable, DispatchFile } from '../packages/jit-dispatch/src/config/schema.ts';
import { blocksOf, fileOf, project, textOf } from './test-tools.ts';

/** Keys that stand for another one, or whose example says more than a default could. */
const WITHOUT_DEFAULT = ['name', 'command', 'dir', 'type', 'issue_json', 'pass_env', 'env'];

/** The example with every key switched on that stands behind a `#`. */
function switchedOn(): string {
  return textOf('dispatch.toml.example').replace(/^# ([a-z_]+ = )/gm, '$1');
}

async function load(text: string) {
  const file = join(tempFolder(), 'dispatch.toml');
  writeFileSync(file, text);
  return loadConfig(file);
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
    const text = switchedOn();
    const { warnings } = await load(text);
    expect(warnings).toEqual([]);
    const named = new Set([...text.matchAll(/^([a-z_]+) = /gm)].map(([, key]) => key));
    const { tracker, agents: _, ...rest } = DispatchFile.shape;
    const keys = [rest, tracker.unwrap().shape, AgentTable.shape].flatMap(Object.keys);
    expect([...named].sort()).toEqual([...new Set(keys)].sort());
  });

  test('shows the defaults', async () => {
    const bare = '[[agents]]\nid = "copilot-1"\ncommand = "true"\n';
    const { config: defaults } = await load(bare);
    const shown = textOf('dispatch.toml.example')
      .split('\n')
      .map((line) => /^# ([a-z_]+) = /.exec(line)?.[1] && line.slice(2))
      .filter((line) => line && !WITHOUT_DEFAULT.includes(line.split(' ')[0] ?? ''));
    expect(shown.length).toBeGreaterThan(8);
    const ofTracker = shown.filter((line) => line?.startsWith('timeout_secs'));
    const ofAgent = shown.filter((line) => /^(kind|completion|time_limit_secs) /.test(line ?? ''));
    const ofFile = shown.filter((line) => !ofTracker.includes(line) && !ofAgent.includes(line));
    const text = [...ofFile, '[tracker]', ...ofTracker, bare, ...ofAgent].join('\n');
    const { config } = await load(text);
    const { file: __, folder: ___, ...values } = config;
    expect(values).toEqual({ ...defaults, file: undefined, folder: undefined });
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
