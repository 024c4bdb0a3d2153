import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../keeper/identity.ts';
import { readRecord } from '../keeper/records.ts';
import {
  type AssignmentRecord,
  type KeeperRecord,
  type KeeperSpec,
  RUN_FILES,
  type StallRecord,
  type VerdictRecord,
} from '../run-records.ts';

/** True once the agent of a run's folder has ended, or will never be started. */
export function hasRunEnded(folder: string): boolean {
  if (existsSync(join(folder, RUN_FILES.exit))) return true;
  const keeper = readRecord<KeeperRecord>(join(folder, RUN_FILES.keeper));
  return keeper !== null && ('abandoned' in keeper || !isAlive(keeper));
}

/** How far the silence of a run's agent has got; null if it never was silent for long. */
export function readStall(folder: string): StallRecord | null {
  return readRecord<StallRecord>(join(folder, RUN_FILES.stall));
}

/** What the keeper of a run was told; null if that is not there. */
export function readSpec(folder: string): KeeperSpec | null {
  return readRecord<KeeperSpec>(join(folder, RUN_FILES.spec));
}

/** What a run brought to an agent elsewhere; null where it brought nothing. */
export function readAssignment(folder: string): AssignmentRecord | null {
  return readRecord<AssignmentRecord>(join(folder, RUN_FILES.assignment));
}

/** How the work of an agent elsewhere ended; null where nobody says. */
export function readVerdict(folder: string): VerdictRecord | null {
  return readRecord<VerdictRecord>(join(folder, RUN_FILES.verdict));
}
