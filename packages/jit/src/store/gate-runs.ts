import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { GateRun } from '../domain/gate-run.ts';
import { randomBytes, sha256 } from '../platform/crypto.ts';
import { ulidAt, ulidTime } from './events/ulids.ts';
import type { Layout } from './layout.ts';
import { makeFolder } from './make-folder.ts';
import type { GateRuns } from './store.ts';

/** How many runs of one gate of one issue are kept: the newest. */
const KEPT_RUNS = 10;

const ULID_LENGTH = 26;

/**
 * The evidence of gate runs in a folder of its own: `<run>/run.json` and `<run>/output.log`. A run's id
 * is a ULID and, after the dash, a mark of issue and gate: theirs are found by name, without opening
 * those of others.
 */
export function openGateRuns(layout: Layout): GateRuns {
  const folder = layout.gateRuns;
  const fileOf = (id: string, name: string): string => join(folder, id, name);

  const idsOf = (issue: string, gate: string): string[] => {
    const mark = markOf(issue, gate);
    return names(folder)
      .filter((name) => name.endsWith(mark))
      .sort();
  };

  const read = (id: string): GateRun | undefined => {
    try {
      return JSON.parse(readFileSync(fileOf(id, 'run.json'), 'utf8'));
    } catch {
      return undefined; // a run that was not written to its end is none
    }
  };

  const runsOf = (issue: string, gate: string): GateRun[] =>
    idsOf(issue, gate)
      .map(read)
      .filter((run) => run !== undefined)
      .filter((run) => run.issue === issue && run.gate === gate);

  return {
    // Above the last one also where the clock was set back: the newest is never dropped as the oldest.
    // By time and not by one: two runs that end together see the same last one.
    newId: (issue, gate, now) => {
      const last = idsOf(issue, gate).at(-1)?.slice(0, ULID_LENGTH);
      const time = last === undefined ? now : Math.max(now, ulidTime(last) + 1);
      return ulidAt(time, randomBytes(10)) + markOf(issue, gate);
    },
    save(run, output) {
      try {
        makeFolder(layout.root, join(folder, run.id));
        if (output !== null) writeFileSync(fileOf(run.id, 'output.log'), output, { mode: 0o600 });
        writeFileSync(fileOf(run.id, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
      } catch (cause) {
        throw notStored(folder, cause);
      }
      for (const id of idsOf(run.issue, run.gate).slice(0, -KEPT_RUNS))
        rmSync(join(folder, id), { recursive: true, force: true });
    },
    last: (issue, gate) => runsOf(issue, gate).at(-1),
    find: (issue, gate, id) => runsOf(issue, gate).find((run) => run.id === id),
    output(id) {
      try {
        return readFileSync(fileOf(id, 'output.log'));
      } catch {
        return undefined;
      }
    },
    pathOf: (id) => fileOf(id, 'output.log'),
  };
}

function markOf(issue: string, gate: string): string {
  return `-${sha256(`${issue}\n${gate}`).toString('hex').slice(0, 10)}`;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function notStored(folder: string, cause: unknown): JitError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new JitError(
    'external',
    'EVIDENCE_NOT_STORED',
    `nothing was recorded: what the checker printed can't be kept in ${folder} (${why})`,
    {
      hint: 'Make room on the disk, or check the rights of the .jit folder, and run it again.',
      retryable: true,
      details: { path: folder },
      cause,
    },
  );
}
