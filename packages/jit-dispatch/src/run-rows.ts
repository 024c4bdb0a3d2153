import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_CLASSES, RUN_STATES, WORK_CLASSES } from '@jit/contract/vocabulary';
import { z } from 'zod';
import { readRecord } from './keeper/records.ts';
import type { Run } from './ledger/run.ts';
import { type KeeperSpec, RUN_FILES } from './run-records.ts';

const text = z.string().nullable();
const number = z.int().nullable();
const Row = z.object({
  run: z.string(),
  issue: z.string(),
  title: z.string(),
  agent: z.string(),
  state: z.enum(RUN_STATES),
  token: z.string(),
  attempt: number,
  completion: z.enum(['issue', 'exit']),
  reason: text,
  detail: text,
  exit_code: number,
  signal: text,
  pid: number,
  log: text,
  created_at: z.iso.datetime(),
  dispatched_at: text,
  started_at: text,
  ended_at: text,
  failed: z.enum(FAILURE_CLASSES).nullable(),
  failures: z.int(),
  gate_tries: z.int(),
  // Columns that older versions did not write.
  workspace: text.default(null),
  task_type: text.default(null),
  class: z.enum(WORK_CLASSES).nullable().default(null),
  score: z.number().nullable().default(null),
}) satisfies z.ZodType<Run>;

/**
 * Keeps what the ledger says of a run in the run's folder, `run.json`, so that a lost ledger can be
 * made again (invariant LEDGER-CAN-BE-LOST). It is not synced and may be missing: the ledger is the truth, and `spec.json` will do.
 */
export function keepRow(runsFolder: string, run: Run): void {
  const folder = join(runsFolder, run.run);
  if (!existsSync(folder)) return;
  const staged = join(folder, `${RUN_FILES.row}.tmp`);
  try {
    writeFileSync(staged, JSON.stringify(run), { mode: 0o600 });
    renameSync(staged, join(folder, RUN_FILES.row));
  } catch {
    // The change is durable in the ledger; a full disk is said where it matters.
  }
}

/** The names of all run folders. */
export function listRunFolders(runsFolder: string): string[] {
  return existsSync(runsFolder) ? readdirSync(runsFolder) : [];
}

/** What the folder of a run tells about it, or null if that is too little. */
export function readRow(runsFolder: string, name: string): Run | null {
  const folder = join(runsFolder, name);
  const row = Row.safeParse(readRecord(join(folder, RUN_FILES.row)));
  if (row.success && row.data.run === name) return row.data;
  const file = join(folder, RUN_FILES.spec);
  const spec = readRecord<Partial<KeeperSpec>>(file);
  if (!spec?.issue || !spec.agent || !spec.token || spec.run !== name) return null;
  const at = statSync(file).mtime.toISOString();
  return {
    run: name,
    issue: spec.issue,
    title: spec.issue,
    agent: spec.agent,
    state: 'dispatched',
    token: spec.token,
    attempt: spec.attempt ?? null,
    completion: 'issue',
    reason: null,
    detail: null,
    exit_code: null,
    signal: null,
    pid: null,
    log: join(folder, RUN_FILES.output),
    created_at: at,
    dispatched_at: at,
    started_at: null,
    ended_at: null,
    failed: null,
    failures: 0,
    gate_tries: 0,
    workspace: spec.workspace?.path ?? null,
    task_type: null,
    class: null,
    score: null,
  };
}
