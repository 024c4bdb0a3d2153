import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { WorkspaceSpec } from '../run-records.ts';
import { readMade } from './made.ts';
import { lookAt } from './place.ts';

/** Whether it is complete, a real folder and where its path says: what lies in it may be read. */
export function isStanding(path: string): boolean {
  if (lookAt(path) !== 'folder' || realpathSync(path) !== path) return false;
  return readMade(dirname(path), basename(path))?.is_complete !== false;
}

/**
 * The workspace of an issue as the next agent will find it: one that stands goes on as what it was made
 * as, whatever the configuration says by now, and is removed as that, too. Nothing is changed for the answer.
 */
export function asItStands(spec: WorkspaceSpec): WorkspaceSpec {
  const made = readMade(dirname(spec.path), basename(spec.path));
  const isIts = made?.is_complete && made.repository === spec.repository && isStanding(spec.path);
  return isIts ? { ...spec, kind: made.kind, branch: made.branch } : spec;
}
