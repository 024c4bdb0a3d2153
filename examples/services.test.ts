// The service files: what the systems' own programs say about them, and that they start what there is.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { loadConfig } from '../packages/jit-dispatch/src/config/load.ts';
import { fileOf, has, textOf } from './test-tools.ts';

const UNIT = 'examples/systemd/jit-dispatch.service';
const PLIST = 'examples/launchd/jit-dispatch.plist';

/** What a stop may take: draining, the grace of agents, what is left to settle, the grace of hooks. */
async function longestStop(): Promise<number> {
  const file = join(tempFolder(), 'dispatch.toml');
  writeFileSync(file, '[[agents]]\nid = "a"\ncommand = "true"\n');
  const { config } = await loadConfig(file);
  return config.drainSecs + 2 * config.stopGraceSecs + 15;
}

/** The program is there, and so is every flag that it is given. */
async function expectCommand([env = '', program, command = '', ...args]: readonly string[]) {
  expect([env, program]).toEqual(['/usr/bin/env', 'jit-dispatch']);
  expect(existsSync(env)).toBe(true);
  const help = await runBundle('jit-dispatch', [command, '--help']);
  expect(help.exit).toBe(0);
  for (const flag of args.filter((each) => each.startsWith('--')))
    expect(help.stdout).toContain(flag);
}

const keys = (unit: string) =>
  new Map([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]));

test('the systemd unit starts what there is, spares keepers and gives a stop its time', async () => {
  const unit = keys(textOf(UNIT));
  await expectCommand((unit.get('ExecStart') ?? '').split(' '));
  expect(unit.get('KillMode')).toBe('process');
  expect(Number(unit.get('TimeoutStopSec'))).toBeGreaterThan(await longestStop());
});

test.skipIf(!has('systemd-analyze', '--version'))(
  'systemd finds nothing wrong with it (skipped where systemd-analyze is not installed)',
  () => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--user', fileOf(UNIT)],
      {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: tempFolder() },
      },
    );
    // Units of the machine itself are none of ours.
    const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('jit-dispatch'));
    expect(ours).toEqual([]);
    expect(status).toBe(0);
  },
);

test.skipIf(!has('python3', '--version'))(
  'the launchd file is a property list that starts what there is and spares keepers (skipped without python3)',
  async () => {
    const read =
      'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
    const { stdout, stderr } = spawnSync('python3', ['-c', read, fileOf(PLIST)], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const list = JSON.parse(stdout) as Record<string, unknown>;
    await expectCommand(list.ProgramArguments as string[]);
    expect(list).toMatchObject({ AbandonProcessGroup: true, KeepAlive: { SuccessfulExit: false } });
    expect(list.ExitTimeOut).toBeGreaterThan(await longestStop());
  },
);
