import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord, writeRecord } from '../keeper/records.ts';
import type { WorkspaceSpec } from '../run-records.ts';
import { ownFolder } from './place.ts';

/** `made.json` in the root's own folder for a workspace: who made it, for what, and how far it got. */
export interface Made
  extends Pick<WorkspaceSpec, 'kind' | 'path' | 'repository' | 'branch' | 'base' | 'dispatcher'> {
  readonly issue: string;
  readonly made_at: string;
  /** Its `create` hook has run; before that no agent was ever in it. */
  readonly is_complete: boolean;
  /** Where the branch began, if it was made with the workspace. */
  readonly branch_start: string | null;
  /** It was looked at for the last time, and is being deleted. */
  readonly is_going?: boolean;
}

/** The files about one workspace, which lie beside it and not in it. */
export interface MadeFile {
  readonly folder: string;
  read(): Made | null;
  write(made: Made): void;
  forget(): void;
}

/** The files about the workspace of a key; for whoever holds its lock. */
export function madeFile(root: string, key: string): MadeFile {
  const folder = ownFolder(root, '.state', key);
  const file = join(folder, 'made.json');
  return {
    folder,
    read: () => readRecord<Made>(file),
    write: (made) => writeRecord(file, made),
    forget: () => rmSync(file, { force: true }),
  };
}

/** What was made for a key, for those who only look; null: nothing, or it was removed. */
export function readMade(root: string, key: string): Made | null {
  return readRecord<Made>(join(root, '.state', key, 'made.json'));
}

/** What was ever made in a root and not removed. */
export function listMade(root: string): Made[] {
  const folder = join(root, '.state');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((key) => readMade(root, key) ?? []);
}
