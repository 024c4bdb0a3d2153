import { askedAgents, matches, type Slot, type WhyNot, whyNot } from './choose-agent.ts';
import type { IssueHistory } from './history.ts';
import {
  type Decision,
  planCycle,
  type Situation,
  type Snapshot,
  type Wait,
} from './plan-cycle.ts';

/** How one agent stands to one issue. */
export interface AgentView {
  readonly agent: string;
  /** `free` could take it now; `not_asked`: it is reserved for another one. */
  readonly standing: 'chosen' | 'free' | 'not_asked' | WhyNot['reason'];
  readonly detail: string;
  /** Its tags that labels of the issue name. */
  readonly tags: readonly string[];
}

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
  readonly agents: readonly AgentView[];
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
        const asked = new Set(askedAgents(subject, slots).map(({ id }) => id));
        const view = (slot: Slot): AgentView => ({
          agent: slot.id,
          tags: matches(decision.issue.labels, slot),
          ...standing(slot, decision, asked.has(slot.id) ? whyNot(subject, slot) : undefined),
        });
        const own = decision.action === 'wait' ? [decision] : [];
        found = {
          decision,
          history: subject.history,
          place,
          startsBefore: starts,
          waits: distinct([...own, ...waits]),
          agents: slots.map(view),
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

/** @param refusal undefined: it is not asked; null: nothing speaks against it */
function standing(
  { id, capacity, free }: Slot,
  decision: Decision,
  refusal: WhyNot | null | undefined,
): Pick<AgentView, 'standing' | 'detail'> {
  if (decision.action === 'start' && decision.agent === id)
    return { standing: 'chosen', detail: decision.detail };
  if (refusal === undefined)
    return { standing: 'not_asked', detail: `reserved for ${decision.issue.assignee}` };
  if (refusal === null)
    return { standing: 'free', detail: `${capacity - free} of ${capacity} in use` };
  return { standing: refusal.reason, detail: refusal.detail };
}

/** One wait for each reason, the first. */
function distinct(waits: readonly Wait[]): Wait[] {
  const first = new Map<string, Wait>();
  for (const { reason, detail } of waits)
    if (!first.has(reason)) first.set(reason, { reason, detail });
  return [...first.values()];
}
