import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { isIssuePath } from './just-in-time-files.ts';
import type { SourceFile } from './source.ts';

/**
 * Reads a beads source: a JSONL file, a `.beads` folder with `issues.jsonl`, or the folder around it.
 * Errors: NOT_FOUND (3), NOT_A_SOURCE (4), SOURCE_CLOSED (5).
 */
export function readBeadsSource(path: string): { readonly path: string; readonly text: string } {
  const kind = kindOf(path);
  if (kind === 'file') return { path, text: readText(path) };
  const candidates = [join(path, 'issues.jsonl'), join(path, '.beads', 'issues.jsonl')];
  if (kind === 'absent') throw notFound([path], 'Name the JSONL file or the .beads folder.');
  const found = candidates.find((candidate) => kindOf(candidate) === 'file');
  if (found === undefined) {
    throw notFound(candidates, 'bd export -o issues.jsonl writes that file.');
  }
  return { path: found, text: readText(found) };
}

/**
 * Reads a just-in-time folder: the one that holds `issues/`, or the folder around it with `.jit` or
 * `data`. Errors: NOT_FOUND (3), NOT_A_SOURCE (4), SOURCE_CLOSED (5).
 */
export function readJustInTimeSource(path: string): readonly SourceFile[] {
  const kind = kindOf(path);
  if (kind === 'absent') throw notFound([path], 'Name the .jit folder of just-in-time.');
  if (kind === 'file') throw notASource(path, 'a folder with issues/ is expected, this is a file');
  const roots = [path, join(path, '.jit'), join(path, 'data')];
  const fitting = roots.filter((candidate) => kindOf(join(candidate, 'issues')) === 'folder');
  const known = (root: string) => kindOf(join(root, 'index.json')) === 'file';
  const root = fitting.find(known) ?? fitting[0];
  if (root === undefined) {
    throw notFound(
      roots.map((candidate) => join(candidate, 'issues')),
      'Name the folder that holds the issues folder of just-in-time.',
    );
  }
  return listFiles(root);
}

/**
 * Reads a source of jit itself: a document of `jit export`, a `.jit` folder, or the folder that has
 * one. Errors: NOT_FOUND (3), NOT_A_SOURCE (4), SOURCE_CLOSED (5).
 */
export function readJitSource(
  path: string,
):
  | { readonly kind: 'document'; readonly text: string }
  | { readonly kind: 'files'; readonly files: readonly SourceFile[] } {
  const kind = kindOf(path);
  if (kind === 'absent') throw notFound([path], 'Name a document of jit export, or a .jit folder.');
  if (kind === 'file') return { kind: 'document', text: readText(path) };
  const roots = [join(path, '.jit'), path];
  const root = roots.find((candidate) => kindOf(join(candidate, 'issues')) === 'folder');
  if (root === undefined) {
    throw notFound(
      roots.map((candidate) => join(candidate, 'issues')),
      'Name the .jit folder, the folder that has it, or a document of jit export.',
    );
  }
  const inFolder = (name: string, ending: string) =>
    kindOf(join(root, name)) !== 'folder'
      ? []
      : readdirSync(join(root, name))
          .filter((file) => file.endsWith(ending) && !file.startsWith('.'))
          .map((file) => `${name}/${file}`)
          .toSorted();
  const config = kindOf(join(root, 'config.toml')) === 'file' ? ['config.toml'] : [];
  const paths = [
    ...config,
    ...inFolder('gates', '.json'),
    ...inFolder('issues', '.json'),
    ...inFolder('events', '.jsonl'),
  ];
  return {
    kind: 'files',
    files: paths.map((file) => ({ path: file, text: readText(join(root, file)) })),
  };
}

const READ_FILES = new Set(['index.json', 'gates.json', 'events.jsonl']);

/** The files of the folder itself and of `issues/`; other folders may be huge and are named only. */
function listFiles(root: string): readonly SourceFile[] {
  const inIssues = readdirSync(join(root, 'issues')).map((name) => `issues/${name}`);
  const around = readdirSync(root).filter((name) => name !== 'issues');
  return [...around.toSorted(), ...inIssues.toSorted()].map((path) => {
    const wanted = READ_FILES.has(path) || isIssuePath(path);
    return { path, text: wanted ? readText(join(root, path)) : null };
  });
}

function kindOf(path: string): 'file' | 'folder' | 'absent' {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'absent';
  return stat.isDirectory() ? 'folder' : 'file';
}

function readText(path: string): string {
  const bytes = readBytes(path);
  if (bytes.subarray(0, 16).toString('latin1').startsWith('SQLite format 3')) {
    throw notASource(path, 'it is a database; export it as JSONL first');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw notASource(path, 'it is no UTF-8 text', error);
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JitError('permission', 'SOURCE_CLOSED', `${path} can't be read: ${why}`, {
      cause: error,
    });
  }
}

function notFound(looked: readonly string[], hint: string): JitError {
  return new JitError('not_found', 'NOT_FOUND', `nothing to import: no ${looked.join(', no ')}`, {
    hint,
    details: { looked_in: looked },
  });
}

function notASource(path: string, why: string, cause?: unknown): JitError {
  return new JitError('invalid', 'NOT_A_SOURCE', `${basename(path)} can't be imported: ${why}`, {
    details: { path },
    cause,
  });
}
