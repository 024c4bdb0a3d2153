import { type DecisionRecord, recordOf } from './choosing/decision-record.ts';
import type { IssueHistory } from './history.ts';
import {
  type Decision,
  planCycle,
  type Situation,
  type Snapshot,
  type Wait,
} from './plan-cycle.ts';

/** One decision with everything it was made from. */
export interface Examination {
  readonly decision: Decision;
  readonly history: IssueHistory;
  /** Counted from 1, in the order in which issues have their turn. */
  readonly place: number;
  readonly startsBefore: number;
  readonly decisions: readonly Decision[];
  /** Everything that keeps it waiting, the reason first. */
  readonly waits: readonly Wait[];
  readonly record: DecisionRecord;
}

/** Looks at the decision about one issue of a plan as it is made: the same plan, not another one. */
export interface Examiner {
  readonly see: (decision: Decision, situation: Situation) => void;
  /** Null: the issue is not in the plan. */
  result(decisions: readonly Decision[]): Examination | null;
}

/** An examiner for the issue with this key. */
export function createExaminer(key: string): Examiner {
  let place = 0;
  let starts = 0;
  let found: Omit<Examination, 'decisions'> | null = null;
  return {
    see(decision, { subject, slots, waits }) {
      place += 1;
      if (decision.issue.key === key) {
        const own = decision.action === 'wait' ? [decision] : [];
        found = {
          decision,
          history: subject.history,
          place,
          startsBefore: starts,
          waits: distinct([...own, ...waits]),
          record: decision.action === 'start' ? decision.record : recordOf(subject, slots, null),
        };
      }
      if (decision.action === 'start') starts += 1;
    },
    result: (decisions) => found && { ...found, decisions },
  };
}

/** Plans and examines one issue. */
export function examine(snapshot: Snapshot, key: string): Examination | null {
  const examiner = createExaminer(key);
  return examiner.result(planCycle(snapshot, examiner.see));
}

/** One wait for each reason, the first. */
function distinct(waits: readonly Wait[]): Wait[] {
  const first = new Map<string, Wait>();
  for (const { reason, detail } of waits)
    if (!first.has(reason)) first.set(reason, { reason, detail });
  return [...first.values()];
}
