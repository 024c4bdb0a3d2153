import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import type { OccupiedSlot } from './capacity.ts';
import {
  askedAgents,
  type Candidate,
  type Claims,
  chooseAgent,
  openSlots,
  type Slot,
  type Subject,
  whyChosen,
  whyNot,
} from './choose-agent.ts';
import type { Limits } from './exclusion.ts';
import { type IssueHistory, NO_HISTORY } from './history.ts';
import { byUrgency, type Ordered } from './order.ts';
import { type EscalationReason, whyEscalate } from './why-escalate.ts';

/** A ready issue, as the tracker lists it. */
export interface ReadyIssue extends Ordered {
  /** What tells it from the issues of other repositories; for one repository its id. */
  readonly key: string;
  /** The repository it is in; empty where there is only one. */
  readonly repository: string;
  readonly title: string;
  readonly labels: readonly string[];
  /** Set on a ready issue: it is reserved. */
  readonly assignee: string | null;
}

/** Everything a plan depends on. */
export interface Snapshot {
  readonly ready: readonly ReadyIssue[];
  /** In the order of the configuration. */
  readonly agents: readonly Candidate[];
  /** Issues with a live claim, per agent. */
  readonly claims: Claims;
  readonly runs: readonly OccupiedSlot[];
  readonly maxConcurrent: number;
  /** Starts allowed in this cycle, or null for no limit. */
  readonly maxStarts: number | null;
  /** What was tried, by key; null where the tracker could not say. An issue that is not in it is new. */
  readonly histories: ReadonlyMap<string, IssueHistory | null>;
  readonly limits: Limits;
  /** Issues, by key, whose claim the tracker refused, and that have not changed since. */
  readonly refused: ReadonlyMap<string, RefusedClaim>;
}

/** What the tracker said. */
export interface RefusedClaim {
  readonly code: string;
  readonly message: string;
}

/** Every reason for which an issue waits. `explain` knows them all. */
export const WAIT_REASONS = [
  'already_running',
  'escalated',
  'reserved',
  'claim_refused',
  'history_unknown',
  'max_concurrent',
  'max_issues',
  'agents_full',
  'agents_resting',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** What happens to one ready issue, and why. */
export type Decision =
  | {
      readonly issue: ReadyIssue;
      readonly action: 'start';
      readonly agent: string;
      /** Failures that count so far: how long it rests after the next one depends on them. */
      readonly failures: number;
      readonly detail: string;
    }
  | {
      readonly issue: ReadyIssue;
      readonly action: 'wait';
      readonly reason: WaitReason;
      readonly detail: string;
    }
  | {
      readonly issue: ReadyIssue;
      readonly action: 'escalate';
      readonly reason: EscalationReason;
      readonly detail: string;
    };

interface Wait {
  readonly reason: WaitReason;
  readonly detail: string;
}

/** Decides for every ready issue, most urgent first. Pure: the same snapshot gives the same plan. */
export function planCycle(snapshot: Snapshot): Decision[] {
  const slots = openSlots(snapshot.agents, snapshot.claims, snapshot.runs);
  const room = { runs: snapshot.maxConcurrent - snapshot.runs.length, starts: snapshot.maxStarts };
  return [...snapshot.ready].sort(byUrgency).map((issue): Decision => {
    const kept = whyKept(issue, snapshot, slots);
    if (kept !== null) return { issue, action: 'wait', ...kept };
    const known = snapshot.histories.get(issue.key);
    const history = known ?? NO_HISTORY;
    const subject: Subject = { issue, history, limits: snapshot.limits };
    const escalation = whyEscalate(subject, slots);
    if (escalation !== null) return { issue, action: 'escalate', ...escalation };
    const wait = noRoom(snapshot, room);
    if (wait !== null) return { issue, action: 'wait', ...wait };
    const slot = chooseAgent(subject, slots);
    if (slot === undefined) return { issue, action: 'wait', ...noAgent(subject, slots) };
    slot.free -= 1;
    slot.tries -= 1;
    room.runs -= 1;
    if (room.starts !== null) room.starts -= 1;
    const detail = whyChosen(subject, slot);
    return { issue, action: 'start', agent: slot.id, failures: history.failures.length, detail };
  });
}

/** What keeps an issue from being started, whoever has room. */
function whyKept(issue: ReadyIssue, snapshot: Snapshot, slots: readonly Slot[]): Wait | null {
  const run = snapshot.runs.find((each) => each.issue === issue.key);
  if (run) return { reason: 'already_running', detail: `a run of ${run.agent} is not settled yet` };
  if (issue.labels.includes(ESCALATED_LABEL))
    return { reason: 'escalated', detail: `a person has to look first: label ${ESCALATED_LABEL}` };
  if (issue.assignee !== null && !slots.some((slot) => slot.id === issue.assignee))
    return {
      reason: 'reserved',
      detail: `reserved for ${issue.assignee}, no agent of this dispatcher`,
    };
  const refusal = snapshot.refused.get(issue.key);
  if (refusal !== undefined)
    return {
      reason: 'claim_refused',
      detail: `the tracker refuses its claim until it is changed: ${refusal.message} (${refusal.code})`,
    };
  if (snapshot.histories.get(issue.key) === null)
    return {
      reason: 'history_unknown',
      detail: 'it was tried before, and the tracker does not say what came of it',
    };
  return null;
}

function noRoom(
  { maxStarts, maxConcurrent }: Snapshot,
  room: { readonly runs: number; readonly starts: number | null },
): Wait | null {
  if (room.starts !== null && room.starts <= 0)
    return { reason: 'max_issues', detail: `--max-issues ${maxStarts} reached` };
  if (room.runs <= 0)
    return {
      reason: 'max_concurrent',
      detail: `max_concurrent: ${maxConcurrent} runs of this dispatcher at a time`,
    };
  return null;
}

/** Why none of the agents that may have it takes it now: each with its own reason. */
function noAgent(subject: Subject, slots: readonly Slot[]): Wait {
  const refusals = askedAgents(subject, slots).flatMap((slot) => whyNot(subject, slot) ?? []);
  const reason = refusals.some((each) => each.reason === 'full') ? 'agents_full' : 'agents_resting';
  const isOnlyRoom = refusals.every((each) => each.reason === 'full');
  const what = isOnlyRoom ? 'no agent has room' : 'no agent can take it now';
  return { reason, detail: `${what}: ${refusals.map(({ detail }) => detail).join('; ')}` };
}
