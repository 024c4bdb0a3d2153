import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { jitJson } from '@jit/testkit/processes';
import { canBeInProcess, jitInProcess } from './in-process.ts';
import { createRepository, type Repository } from './repository.ts';

/** A dispatcher's folder with several repositories in folders of their own, and an `ssh` that leads to one. */
export interface Several {
  readonly home: Repository;
  /** Calls jit in one of them. */
  jit<T>(name: string, argv: readonly string[]): Promise<T>;
  create(name: string, title: string, ...more: readonly string[]): Promise<string>;
}

/**
 * Makes them. `./ssh <name> <words>` is like ssh: another environment, and a shell that reads the words again.
 */
export async function createSeveral(names: readonly string[]): Promise<Several> {
  const home = await createRepository();
  home.script(
    'ssh',
    `#!/bin/sh
cd "${home.root}/$1" && shift || exit 255
[ ! -e "${home.root}/banner" ] || cat "${home.root}/banner"
exec env -i PATH="${home.root}/bin:$PATH" HOME="$HOME" XDG_STATE_HOME="$XDG_STATE_HOME" JIT_TEST_ROOT="${home.root}" sh -c "$*"
`,
  );
  const jit = async <T>(name: string, argv: readonly string[]): Promise<T> => {
    const env = { PATH: process.env.PATH ?? '', JIT_TEST_ROOT: home.root };
    const root = join(home.root, name);
    if (!canBeInProcess(argv)) return jitJson<T>(argv, { cwd: root, env });
    const done = await jitInProcess({ root, env }, [...argv, '--json']);
    if (done.exit !== 0) throw new Error(`jit ${argv.join(' ')}: ${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  };
  for (const name of names) {
    mkdirSync(join(home.root, name));
    await jit(name, ['init']);
  }
  return {
    home,
    jit,
    async create(name, title, ...more) {
      return (await jit<{ id: string }>(name, ['issue', 'create', '-t', title, ...more])).id;
    },
  };
}

/** How many runs there are in each repository. */
export function countRuns(runs: readonly RunOutput[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { repository } of runs) counts[repository ?? ''] = (counts[repository ?? ''] ?? 0) + 1;
  return counts;
}
