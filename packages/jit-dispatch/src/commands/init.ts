import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { ConfigWrittenOutput } from '@jit/contract/outputs/dispatch-setup';
import { defineCommand } from '../context.ts';
import type { Setup } from '../setup.ts';
import { isOnPath } from '../tracker/find-program.ts';
import { locateTracker } from '../tracker/locate-tracker.ts';
import { firstConfig, KNOWN_AGENTS } from './_first-config.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'Write a first dispatch.toml',
  description:
    'Writes a small configuration with comments for what it finds: the repository of jit, and agent programs on PATH. A file that is there stays as it is.',
  examples: [
    { argv: 'init', does: 'writes ./dispatch.toml' },
    { argv: 'init --config ops/dispatch.toml', does: 'writes it there' },
  ],
  output: 'ConfigWritten',
  exits: [
    '5 the file can not be written',
    '6 CONFIG_EXISTS: there is one already, and nothing was changed',
  ],
  async run({ setup }): Promise<ConfigWrittenOutput> {
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
  },
  render: ({ file, repository, found, next }) =>
    [
      `wrote ${file}`,
      repository === null
        ? 'no repository of jit was found from here'
        : `repository  ${repository}`,
      `agents      ${found.length === 0 ? 'none of those known are on PATH' : found.join(', ')}`,
      'next:',
      ...next.map((each) => `  ${each}`),
    ].join('\n'),
});

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
