import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { WhereOutput } from '@jit/contract/outputs/repository';
import type { Worktree } from './worktree.ts';
import { worktreeAt } from './worktree.ts';

/** What the search for `.jit` goes by. */
export interface Surroundings {
  readonly dir: string | undefined;
  readonly jitDir: string | undefined;
  /** The words that lead to a tracker elsewhere, for agents of a dispatcher there (`JIT_TRACKER_COMMAND`). */
  readonly elsewhere?: string | undefined;
  readonly cwd: string;
}

/**
 * Finds the tracker: `--dir`, then `JIT_DIR`, then upwards from the working directory; from inside a
 * linked git worktree, what the same search finds in the main worktree, so that all worktrees of a
 * repository share one truth. Errors: NOT_A_TRACKER (3) with the places.
 */
export function locate(around: Surroundings): WhereOutput {
  const found = orElsewhere(around, () => find(around));
  refuseEmpty(found);
  return found;
}

/** An agent whose tracker is on another machine must not be told to make one here. */
function orElsewhere<T>({ elsewhere }: Surroundings, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof JitError) || !elsewhere) throw error;
    throw new JitError(error.kind, error.code, error.message, {
      hint: `The tracker is on another machine: begin the call with the words in JIT_TRACKER_COMMAND, ${elsewhere}`,
      details: error.details,
    });
  }
}

function find(around: Surroundings): WhereOutput {
  if (around.dir !== undefined) return named(around.dir, '--dir', around.cwd);
  if (around.jitDir !== undefined && around.jitDir !== '')
    return named(around.jitDir, 'JIT_DIR', around.cwd);
  return searchUpwards(resolve(around.cwd), [], null);
}

type LinkedWorktree = Extract<Worktree, { kind: 'linked' }>;

/** A linked worktree and the main one that it shares `.jit` with. */
type Link = NonNullable<WhereOutput['worktree']>;

/** The nearest `.jit` from a folder upwards; of a linked worktree on the way, the main worktree is searched in its place. */
function searchUpwards(from: string, looked_in: string[], link: Link | null): WhereOutput {
  let dir: string | null = null;
  let start = from;
  for (let folder = from; ; folder = dirname(folder)) {
    if (dir === null) {
      const candidate = join(folder, '.jit');
      looked_in.push(candidate);
      if (isFolder(candidate)) dir = candidate;
    }
    // What worktree a `.jit` lies in is known at the top of that.
    const worktree = worktreeAt(folder);
    if (worktree?.kind === 'linked' && link === null) {
      if (worktree.main === null) throw noMainWorktree(worktree, folder, looked_in);
      const found = { root: folder, main: worktree.main };
      return searchMain(found, relative(folder, start), dir, looked_in);
    }
    const isTop = dirname(folder) === folder;
    // Above a repository of its own, such as a submodule, the search begins anew.
    if (worktree !== null) start = dirname(folder);
    if (dir !== null && (worktree !== null || isTop))
      return { dir, ...reasonOf(dir, looked_in, link), looked_in, worktree: link };
    if (isTop) throw link === null ? notFound(looked_in) : noneInMain(link, null, looked_in);
  }
}

/** The same search in the main worktree, from the same place in it; `own` is a `.jit` in the linked one. */
function searchMain(
  link: Link,
  place: string,
  own: string | null,
  looked_in: string[],
): WhereOutput {
  for (let folder = join(link.main, place); ; folder = dirname(folder)) {
    const dir = join(folder, '.jit');
    looked_in.push(dir);
    if (isFolder(dir)) {
      const reason = `${link.root} is a linked worktree of ${link.main}: all worktrees share the .jit there`;
      return { dir, source: 'main worktree', reason, looked_in, worktree: link };
    }
    if (folder === link.main) break;
  }
  if (own !== null || dirname(link.main) === link.main) throw noneInMain(link, own, looked_in);
  return searchUpwards(dirname(link.main), looked_in, link);
}

function reasonOf(
  dir: string,
  looked_in: readonly string[],
  link: Link | null,
): Pick<WhereOutput, 'source' | 'reason'> {
  if (link !== null) {
    const reason = `the nearest one above ${link.main}, the main worktree of ${link.root}`;
    return { source: 'main worktree', reason };
  }
  const reason =
    looked_in[0] === dir
      ? 'in the working directory'
      : 'the nearest one above the working directory';
  return { source: 'upward search', reason };
}

function named(path: string, source: '--dir' | 'JIT_DIR', cwd: string): WhereOutput {
  const given = resolve(cwd, path);
  const looked_in = basename(given) === '.jit' ? [given] : [join(given, '.jit')];
  const dir = looked_in.find(isFolder);
  if (dir === undefined)
    throw notFound(looked_in, `jit init makes one there, with the same ${source}.`);
  return { dir, source, reason: `${source} says so`, looked_in, worktree: null };
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

function noneInMain(
  { root, main }: Link,
  own: string | null,
  looked_in: readonly string[],
): JitError {
  const aside = own === null ? '' : ` (${own} is a copy that git checked out)`;
  return new JitError(
    'not_found',
    'NOT_A_TRACKER',
    `${root} is a linked git worktree and uses the .jit of the main worktree ${main}, where there is none${aside}`,
    {
      hint: 'jit init makes one in the main worktree. Or check out a branch there that has .jit, or say with --dir or JIT_DIR which one to use.',
      details: { looked_in, worktree: { root, main } },
    },
  );
}

function noMainWorktree(
  worktree: LinkedWorktree & { main: null },
  root: string,
  looked_in: readonly string[],
): JitError {
  return new JitError(
    'not_found',
    'NOT_A_TRACKER',
    `${root} is a linked git worktree and has no main worktree to share a .jit with: ${worktree.why}`,
    {
      hint: worktree.hint,
      details: { looked_in, worktree: { root, main: null }, repository: worktree.repository },
    },
  );
}

/**
 * Refuses a `.jit` of which only `local/` is left: git checked out a commit without the tracker. An
 * answer from there would be an empty one, and what is written there would be in the way later.
 */
function refuseEmpty({ dir, looked_in }: WhereOutput): void {
  if (existsSync(join(dir, 'config.toml'))) return;
  if (['issues', 'events', 'gates'].some((name) => holdsAny(join(dir, name)))) return;
  throw new JitError('not_found', 'NOT_A_TRACKER', `${dir} holds no tracker`, {
    hint: 'Is a branch checked out that is older than the tracker? Check out one that has it; claims are kept meanwhile. jit init makes a new one.',
    details: { looked_in },
  });
}

function holdsAny(folder: string): boolean {
  return isFolder(folder) && readdirSync(folder).length > 0;
}

/** Where `jit init` makes the tracker, and the linked worktree it was called from. Errors: NOT_A_TRACKER (3) where that has no main worktree. */
export function initTarget(around: Surroundings): Pick<WhereOutput, 'dir' | 'worktree'> {
  const given = around.dir ?? (around.jitDir || undefined);
  const cwd = resolve(around.cwd, given ?? '.');
  const linked = given === undefined ? linkedWorktreeAround(cwd) : null;
  const folder = linked === null ? cwd : join(linked.main, relative(linked.root, cwd));
  return {
    dir: basename(folder) === '.jit' ? folder : join(folder, '.jit'),
    worktree: linked,
  };
}

function linkedWorktreeAround(cwd: string): Link | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const worktree = worktreeAt(folder);
    if (worktree?.kind === 'own') return null;
    if (worktree?.kind === 'linked') {
      if (worktree.main === null) throw noMainWorktree(worktree, folder, [join(folder, '.jit')]);
      return { root: folder, main: worktree.main };
    }
    if (dirname(folder) === folder) return null;
  }
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
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
