import { join } from 'node:path';

/** The files and folders of a `.jit`, by absolute path. */
export interface Layout {
  readonly root: string;
  readonly issues: string;
  readonly gates: string;
  readonly events: string;
  readonly local: string;
  readonly tmp: string;
  readonly lockDb: string;
  readonly stateDb: string;
  readonly indexDb: string;
  /** Says who took the lock last; only read when the lock is not had in time. */
  readonly holder: string;
  /** What checkers printed. */
  readonly gateRuns: string;
}

/** The layout of the `.jit` at this absolute path. */
export function layoutOf(root: string): Layout {
  const local = join(root, 'local');
  return {
    root,
    issues: join(root, 'issues'),
    gates: join(root, 'gates'),
    events: join(root, 'events'),
    local,
    tmp: join(local, 'tmp'),
    lockDb: join(local, 'lock.db'),
    stateDb: join(local, 'state.db'),
    indexDb: join(local, 'index.db'),
    holder: join(local, 'lock.holder.json'),
    gateRuns: join(local, 'gate-runs'),
  };
}

/** The two folders whose files are one JSON document each. */
export const FOLDERS = ['issues', 'gates'] as const;
export type Folder = (typeof FOLDERS)[number];

/** The path of a document inside `.jit`, as journal entries name it. */
export function documentPath(folder: Folder, name: string): string {
  return `${folder}/${name}.json`;
}

/** Folder and name of a document's path inside `.jit`, or null for any other path. */
export function parseDocumentPath(path: string): { folder: Folder; name: string } | null {
  const match = /^(issues|gates)\/(.+)\.json$/.exec(path);
  const [, folder, name] = match ?? [];
  if (name === undefined) return null;
  return { folder: folder === 'gates' ? 'gates' : 'issues', name };
}
