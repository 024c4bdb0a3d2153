import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { cleanEnv, collect, type Ended, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished } from 'vitest';
import { findMarked } from '../../src/keeper/identity.ts';
import type { ForgeServer } from '../forge/forge-server.ts';
import { end, endRun, runFolders } from '../run-folders.ts';
import { until } from '../until.ts';
import type { KINDS } from './open-tracker.ts';

/** A folder with dispatchers whose issues are those of a forge, and an agent that writes down what it does. */
export interface ForgeFolder {
  readonly root: string;
  /** Writes `NAME.toml`, with further lines of `[tracker]`, and above all tables. */
  configure(name: string, tracker?: string, top?: string): void;
  once(name: string, ...more: readonly string[]): Promise<CycleOutput>;
  dispatch(name: string, ...argv: readonly string[]): Promise<Ended>;
  /** The test build, with an environment that kills it somewhere. */
  crash(name: string, env: Readonly<Record<string, string>>): Promise<Ended>;
  /** Lets agents wait from now on, or not any more. */
  letWait(isWanted: boolean): void;
  /** Lines of `what agent issue`. */
  journal(): readonly string[];
  /** No keeper or agent is left. */
  quiet(): Promise<void>;
}

const TEST_BUILD = fileURLToPath(new URL('../../dist-test/start.cjs', import.meta.url));

const WORK = `#!/bin/sh
echo "start $JIT_AGENT_ID $JIT_ISSUE_ID" >> "$JIT_TEST_ROOT/journal"
env > "$JIT_TEST_ROOT/env-of-$JIT_ISSUE_ID"
while [ -e "$JIT_TEST_ROOT/wait" ]; do sleep 0.05; done
exit 0
`;

/** Makes the folder; everything in it is taken down when the test ends. */
export function forgeFolder(
  kind: (typeof KINDS)[number],
  { url, repository }: ForgeServer,
): ForgeFolder {
  const root = tempFolder();
  const env = { FORGE_TOKEN: 'token-of-robot', JIT_TEST_ROOT: root };
  onTestFinished(async () => {
    for (const folder of runFolders(root)) endRun(folder, basename(folder));
    await until('every process of the test has ended', () => {
      const left = findMarked('JIT_TEST_ROOT', root);
      for (const { pid } of left) end(pid);
      return left.length === 0;
    });
  });
  writeFileSync(join(root, 'work'), WORK);
  chmodSync(join(root, 'work'), 0o755);
  const options = { cwd: root, env };
  const file = (name: string) => ['--config', `${name}.toml`];
  return {
    root,
    configure(name, tracker = '', top = '') {
      const text = `name = "${name}"
label_filter = ["ai"]
${top}
[tracker]
kind = "${kind}"
${tracker}
[${kind}]
repository = "${repository.owner}/${repository.name}"
url = "${url}"
token_env = "FORGE_TOKEN"
[retry]
first_secs = 0
[[agents]]
id = "ada"
capacity = 9
command = "./work"
env = { JIT_TEST_ROOT = "${root}" }
`;
      writeFileSync(join(root, `${name}.toml`), text);
    },
    async once(name, ...more) {
      const done = await runBundle(
        'jit-dispatch',
        ['once', ...file(name), ...more, '--json'],
        options,
      );
      expect(done, `${done.stdout}${done.stderr}`).toMatchObject({ exit: 0 });
      return JSON.parse(done.stdout) as CycleOutput;
    },
    dispatch: (name, ...argv) =>
      runBundle('jit-dispatch', [...argv, ...file(name), '--json'], options),
    crash: (name, more) =>
      collect(
        spawn(process.execPath, [TEST_BUILD, 'once', ...file(name)], {
          cwd: root,
          env: cleanEnv({ ...env, ...more }),
          stdio: 'pipe',
        }),
      ),
    letWait(isWanted) {
      if (isWanted) writeFileSync(join(root, 'wait'), '');
      else rmSync(join(root, 'wait'));
    },
    journal() {
      const path = join(root, 'journal');
      return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
    },
    quiet: async () => {
      await until(
        'all agents and keepers have ended',
        () => findMarked('JIT_TEST_ROOT', root).length === 0,
      );
    },
  };
}
