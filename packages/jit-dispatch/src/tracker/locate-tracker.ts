import { statSync } from 'node:fs';
import { basename, delimiter, dirname, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { findProgram } from './find-program.ts';
import { createJitCli } from './jit-cli.ts';
import type { Tracker } from './tracker.ts';
import type { TrackerProgram } from './tracker-program.ts';

/** The tracker, and what agents need to work with the same one. */
export interface LocatedTracker {
  readonly tracker: Tracker;
  readonly program: TrackerProgram;
  /** The `.jit` folder, or null where it is on another machine. */
  readonly jitDir: string | null;
  /** Where agents run. */
  readonly workFolder: string;
  /** PATH for agents where `jit` is not on it, else null. */
  readonly path: string | null;
}

/** Where to look. */
export interface LocateOptions {
  /** How `jit` is started, or null: the one on PATH, else the one installed beside. */
  readonly command: readonly string[] | null;
  /** Limit of one call. */
  readonly timeoutSecs: number;
  /** The folder of the configuration: relative paths start there. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The repository, if it was named. */
  readonly dir: string | null;
  /** Folders to search upwards from, in this order. */
  readonly folders: readonly string[];
  readonly actor: string;
  readonly module: string;
  /** Told what a tracker on another machine prints before an answer. */
  readonly onNoise: (noise: string) => void;
}

/** Finds `jit` and asks it where its repository is. */
export async function locateTracker(options: LocateOptions): Promise<LocatedTracker> {
  const { command, timeoutSecs, folder, environment, dir, folders, actor, onNoise } = options;
  const path = environment.PATH ?? '';
  const found = command ? { argv: command, pathFolder: null } : findProgram(path, options.module);
  const isHere = runsHere(found.argv);
  const named = dir !== null && isHere ? resolve(folder, dir) : dir;
  if (named !== null && !isHere) refuseUnsafe(named);
  const timeoutMs = timeoutSecs * 1000;
  const connect = (program: TrackerProgram): Tracker =>
    createJitCli({ program, environment, actor, timeoutMs, onNoise: isHere ? null : onNoise });
  const program: TrackerProgram = {
    argv: found.argv,
    suffix: named === null ? [] : ['--dir', named],
    cwd: folder,
    env: {},
  };
  const where = await firstFound(named === null ? folders : folders.slice(0, 1), (cwd) =>
    connect({ ...program, cwd }).where(),
  );
  const jitDir = isHere && isFolder(where) ? where : null;
  const settled: TrackerProgram =
    jitDir === null
      ? program
      : { argv: found.argv, suffix: [], cwd: dirname(jitDir), env: { JIT_DIR: jitDir } };
  return {
    tracker: connect(settled),
    program: settled,
    jitDir,
    workFolder: jitDir === null ? folder : dirname(jitDir),
    path: found.pathFolder === null ? null : `${found.pathFolder}${delimiter}${path}`,
  };
}

const LOCAL_LAUNCHERS = ['node', 'jit', 'npx', 'pnpm', 'sh', 'bash', basename(process.execPath)];

/** A program with words before `jit`, such as `ssh hub`, may run it on another machine. */
function runsHere([program = '', ...rest]: readonly string[]): boolean {
  return rest.length === 0 || LOCAL_LAUNCHERS.includes(basename(program));
}

/**
 * What goes through `ssh` is read by a shell on the other side, and what goes through others is not: so a
 * word that both read the same way is asked for.
 */
function refuseUnsafe(dir: string): void {
  if (/^[\w@%+=:,./-]+$/.test(dir)) return;
  throw new JitError(
    'invalid',
    'CONFIG_INVALID',
    `a shell could read the folder ${JSON.stringify(dir)} in another way`,
    {
      hint: 'name it in the command, quoted as the other machine wants it: command = ["ssh", "hub", "jit", "--dir", "\'/a b\'"]',
      details: { dir },
    },
  );
}

async function firstFound(
  folders: readonly string[],
  ask: (folder: string) => Promise<string>,
): Promise<string> {
  let failure: unknown;
  for (const folder of new Set(folders)) {
    try {
      return await ask(folder);
    } catch (error) {
      if (!(error instanceof JitError) || error.details.exit !== 3) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
