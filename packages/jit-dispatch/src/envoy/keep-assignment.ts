import { join } from 'node:path';
import { timestamp } from '../keeper/clock.ts';
import { writeRecord } from '../keeper/records.ts';
import { type AssignmentRecord, RUN_FILES } from '../run-records.ts';
import type { Task } from '../runners/task.ts';

/** The record of an assignment in the folder of its run. */
export interface AssignmentFile {
  readonly record: AssignmentRecord;
  /** Written durably when it returns, as far as it says something new. */
  keep(is: AssignmentRecord['is'], ref?: AssignmentRecord['ref']): void;
}

/** The record of a run, which goes on with what an earlier one of the same agent left. */
export function keepAssignment({
  folder,
  run,
  issue,
  agent,
  outside,
  earlier,
}: Task): AssignmentFile {
  const path = join(folder, RUN_FILES.assignment);
  let record: AssignmentRecord = {
    kind: outside.kind,
    issue,
    agent,
    key: earlier?.key ?? run,
    is: earlier?.is ?? 'asked',
    ref: earlier?.ref ?? {},
    at: timestamp(),
  };
  return {
    get record() {
      return record;
    },
    keep(is, ref = record.ref) {
      const next = { ...record, is, ref, at: timestamp() };
      record = next;
      writeRecord(path, next);
    },
  };
}
