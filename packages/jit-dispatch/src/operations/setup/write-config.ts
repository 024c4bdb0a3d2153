import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { ConfigWrittenOutput } from '@jit/contract/outputs/dispatch-setup';
import { isOnPath } from '../../tracker/find-program.ts';
import { locateTracker } from '../../tracker/locate-tracker.ts';
import type { Setup } from '../../workbench/setup.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { firstConfig, KNOWN_AGENTS } from './first-config.ts';

/** Writes a first configuration for what is found here. Errors: CONFIG_UNWRITABLE (5), CONFIG_EXISTS (6). */
export async function writeConfig({ setup }: Workbench): Promise<ConfigWrittenOutput> {
  const { file, environment } = setup;
  const folder = dirname(file);
  const above = await findRepository(setup, folder);
  const repository = above ?? (await findRepository(setup, resolve('.')));
  const found = KNOWN_AGENTS.map(({ program }) => program).filter((program) =>
    isOnPath(program, environment.PATH ?? ''),
  );
  write(file, firstConfig({ dir: above === null ? repository : null, found }));
  return {
    file,
    repository,
    found,
    next: [
      ...(repository === null ? ['jit init, in the folder of the project'] : []),
      `say in ${file} which program is the agent`,
      'jit init --agents tells agents how to use jit',
      'jit-dispatch doctor',
      'jit-dispatch start',
    ],
  };
}

async function findRepository(
  { environment, module }: Setup,
  folder: string,
): Promise<string | null> {
  try {
    const { jitDir } = await locateTracker({
      command: null,
      timeoutSecs: 10,
      folder,
      environment,
      dir: null,
      folders: [folder],
      onNoise: () => {},
      actor: 'jit-dispatch',
      module,
    });
    return jitDir;
  } catch (error) {
    if (error instanceof JitError) return null;
    throw error;
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const details = { file };
    if (code === 'EEXIST')
      throw new JitError('conflict', 'CONFIG_EXISTS', `${file} is there already`, {
        hint: 'nothing was changed; see what it says with `jit-dispatch check-config --effective`',
        details,
      });
    throw new JitError('permission', 'CONFIG_UNWRITABLE', `cannot write ${file}: ${message}`, {
      hint: 'name a file in a folder that can be written: --config PATH',
      details,
      cause: error,
    });
  }
}
