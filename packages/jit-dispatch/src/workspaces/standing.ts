import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { WorkspaceSpec } from '../run-records.ts';
import { readMade } from './made.ts';
import { lookAt } from './place.ts';

/** A workspace as the next agent will find it. Nothing is made or changed for the answer. */
export interface Standing {
  /** It is complete, a real folder and where its path says: what lies in it may be read. */
  readonly isThere: boolean;
  /** The branch that it was made on, which goes on when the template of branches is changed later. */
  readonly branch: string | null;
}

/** What is known of a workspace before its keeper has its lock. */
export function standingOf({ path, branch }: WorkspaceSpec): Standing {
  const isFolder = lookAt(path) === 'folder' && realpathSync(path) === path;
  const made = readMade(dirname(path), basename(path));
  if (!isFolder) return { isThere: false, branch };
  return { isThere: made?.is_complete !== false, branch: made === null ? branch : made.branch };
}
