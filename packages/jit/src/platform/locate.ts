import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { WhereOutput } from '@jit/contract/outputs/repository';

/** What the search for `.jit` goes by. */
export interface Surroundings {
  readonly dir: string | undefined;
  readonly jitDir: string | undefined;
  readonly cwd: string;
}

/** Finds the tracker: `--dir`, then `JIT_DIR`, then upwards from the working directory. Errors: NOT_A_TRACKER (3) with the places. */
export function locate(around: Surroundings): WhereOutput {
  if (around.dir !== undefined) return named(around.dir, '--dir', around.cwd);
  if (around.jitDir !== undefined && around.jitDir !== '')
    return named(around.jitDir, 'JIT_DIR', around.cwd);
  const looked_in: string[] = [];
  for (let folder = resolve(around.cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, '.jit');
    looked_in.push(candidate);
    if (isFolder(candidate)) {
      const reason =
        looked_in.length === 1
          ? 'in the working directory'
          : 'the nearest one above the working directory';
      return { dir: candidate, source: 'upward search', reason, looked_in };
    }
    if (dirname(folder) === folder) throw notFound(looked_in);
  }
}

function named(path: string, source: '--dir' | 'JIT_DIR', cwd: string): WhereOutput {
  const given = resolve(cwd, path);
  const looked_in = basename(given) === '.jit' ? [given] : [join(given, '.jit')];
  const dir = looked_in.find(isFolder);
  if (dir === undefined)
    throw notFound(looked_in, `jit init makes one there, with the same ${source}.`);
  return { dir, source, reason: `${source} says so`, looked_in };
}

function notFound(
  looked_in: readonly string[],
  hint = 'jit init makes one in the working directory.',
): JitError {
  return new JitError(
    'not_found',
    'NOT_A_TRACKER',
    `there is no .jit here; looked for ${looked_in.join(', ')}`,
    {
      hint,
      details: { looked_in },
    },
  );
}

/** Where `jit init` makes the tracker. */
export function initTarget(around: Surroundings): string {
  const given = around.dir ?? (around.jitDir || undefined);
  const folder = resolve(around.cwd, given ?? '.');
  return basename(folder) === '.jit' ? folder : join(folder, '.jit');
}

/** Another tracker further up than this one, or null. */
export function trackerAbove(dir: string): string | null {
  for (let folder = dirname(dirname(dir)); ; folder = dirname(folder)) {
    const candidate = join(folder, '.jit');
    if (candidate !== dir && isFolder(candidate)) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
