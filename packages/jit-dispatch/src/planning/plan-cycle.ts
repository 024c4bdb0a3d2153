import { ESCALATED_LABEL, HELD_LABEL, type Priority } from '@jit/contract/vocabulary';
import type { Assessment } from './assessing/assess.ts';
import {
  type Candidate,
  type Claims,
  openSlots,
  type Slot,
  takeSlot,
} from './choosing/candidate.ts';
import type { OccupiedSlot } from './choosing/capacity.ts';
import { chooseAgent, whyChosen } from './choosing/choose-agent.ts';
import { type DecisionRecord, recordOf } from './choosing/decision-record.ts';
import type { Limits } from './choosing/exclusion.ts';
import { noAgent, stealFor } from './choosing/no-agent.ts';
import { isReservedFor, reservedFor } from './choosing/reservation.ts';
import type { ChoosingRules, Subject } from './choosing/subject.ts';
import type { Circumstances } from './circumstances.ts';
import { type IssueHistory, NO_HISTORY } from './history.ts';
import { type Ordered, queueUp } from './order.ts';
import { type EscalationReason, whyEscalate } from './why-escalate.ts';
import { openTally, type Tally } from './work-limits.ts';

/** A ready issue, as the tracker lists it. */
export interface ReadyIssue extends Ordered {
  /** What tells it from the issues of other repositories; for one repository its id. */
  readonly key: string;
  readonly title: string;
  readonly labels: readonly string[];
  /** Set on a ready issue: it is reserved. */
  readonly assignee: string | null;
  /** What kind of work it is, for whom, and how risky. */
  readonly assessment: Assessment;
}

/** Everything a plan depends on. */
export interface Snapshot extends Circumstances {
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
  readonly rules: ChoosingRules;
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
  'label_filter',
  'escalated',
  'held',
  'reserved',
  'claim_refused',
  'history_unknown',
  'classifying',
  'classification_failed',
  'paused',
  'no_room_on_machine',
  'max_issues',
  'max_concurrent',
  'label_limit',
  'state_limit',
  'agents_full',
  'agents_resting',
  'agents_unhealthy',
  'agents_paused',
  'no_suitable_agent',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

interface Decided {
  readonly issue: ReadyIssue;
  /** The priority it was treated as: its own, raised by age. */
  readonly aged: Priority;
  readonly detail: string;
}

/** What happens to one ready issue, and why. */
export type Decision =
  | (Decided & {
      readonly action: 'start';
      readonly agent: string;
      /** Failures that count so far: how long it rests after the next one depends on them. */
      readonly failures: number;
      /** The agent it was reserved for, and that had no room for too long; null: nobody. */
      readonly stolenFrom: string | null;
      readonly record: DecisionRecord;
    })
  | (Decided & Wait & { readonly action: 'wait' })
  | (Decided & { readonly action: 'escalate'; readonly reason: EscalationReason });

/** Why an issue waits, as a stable word and in words. */
export interface Wait {
  readonly reason: WaitReason;
  readonly detail: string;
}

/** What a decision is made from: how things stand after those before it. */
export interface Situation {
  readonly subject: Subject;
  readonly slots: readonly Slot[];
  /** Everything that keeps it waiting whoever has room, the deciding reason first. */
  readonly waits: readonly Wait[];
}

/** Is told of a decision and of what it was made from, which changes afterwards. */
export type OnDecision = (decision: Decision, situation: Situation) => void;

/**
 * Decides for every ready issue, in the order in which they have their turn. Pure: the same snapshot gives
 * the same plan.
 */
export function planCycle(snapshot: Snapshot, onDecision?: OnDecision): Decision[] {
  const { runs, maxConcurrent, maxStarts } = snapshot;
  const slots = openSlots(snapshot.agents, snapshot.claims, runs);
  const facts: Facts = {
    snapshot,
    slots,
    running: new Map(runs.map(({ issue, agent }) => [issue, agent])),
    tally: openTally(snapshot),
    room: { runs: maxConcurrent - runs.length, starts: maxStarts },
  };
  const queue = queueUp(snapshot.ready, snapshot);
  const decisions: Decision[] = [];
  for (let placed = queue.next(); placed !== undefined; placed = queue.next()) {
    const { issue, aged } = placed;
    const subject = subjectOf(issue, snapshot);
    const decision: Decision = withAge({ issue, aged, ...decide(subject, issue, facts) });
    decisions.push(decision);
    if (onDecision) onDecision(decision, { subject, slots, waits: everyWait(issue, facts) });
    if (decision.action !== 'start') continue;
    take(facts, decision);
    queue.started(issue.repository);
  }
  return decisions;
}

/** What is known of an issue: a wish of its own takes the place of the limit for all. */
function subjectOf(issue: ReadyIssue, { histories, limits, rules }: Snapshot): Subject {
  const { assessment } = issue;
  const { maxAttempts } = assessment.wishes;
  const history = histories.get(issue.key) ?? NO_HISTORY;
  const own = maxAttempts === null ? limits : { ...limits, lifetime: maxAttempts };
  return { issue, assessment, history, limits: own, rules };
}

/** Says in words that age has raised it. */
function withAge(decision: Decision): Decision {
  const { issue, aged, detail } = decision;
  if (aged === issue.priority) return decision;
  return { ...decision, detail: `${detail}; ${aged} by age, ${issue.priority} of its own` };
}

/** What decisions are made from, and changes with them. */
interface Facts {
  readonly snapshot: Snapshot;
  readonly slots: readonly Slot[];
  /** The agents of live runs, by issue. */
  readonly running: ReadonlyMap<string, string>;
  readonly tally: Tally;
  readonly room: { runs: number; starts: number | null };
}

type WithoutIssue<D> = D extends Decision ? Omit<D, 'issue' | 'aged'> : never;

function decide(subject: Subject, issue: ReadyIssue, facts: Facts): WithoutIssue<Decision> {
  const kept = firstWait(KEPT, issue, facts);
  if (kept !== null) return { action: 'wait', ...kept };
  const { slots, snapshot } = facts;
  const escalation = whyEscalate(subject, slots);
  if (escalation !== null) return { action: 'escalate', ...escalation };
  const wait = firstWait(HELD_UP, issue, facts);
  if (wait !== null) return { action: 'wait', ...wait };
  const failures = subject.history.failures.length;
  const slot = chooseAgent(subject, slots);
  if (slot !== undefined) {
    const detail = whyChosen(subject, slot, slots);
    const record = recordOf(subject, slots, { agent: slot.id, detail });
    return { action: 'start', agent: slot.id, failures, stolenFrom: null, detail, record };
  }
  const stolen = stealFor(subject, slots, {
    since: snapshot.waitingForAgents.get(issue.key),
    afterSecs: snapshot.stealAfterSecs,
    now: snapshot.now,
  });
  return stolen === null
    ? { action: 'wait', ...noAgent(subject, slots) }
    : { action: 'start', failures, ...stolen, record: recordOf(subject, slots, stolen) };
}

/** Takes the room that a start needs. */
function take({ slots, room, tally }: Facts, decision: Decision & { action: 'start' }): void {
  takeSlot(slots, decision.agent);
  room.runs -= 1;
  if (room.starts !== null) room.starts -= 1;
  tally.started(decision.issue);
}

type Rule = (issue: ReadyIssue, facts: Facts) => Wait | null;

/** What keeps an issue from being started whoever has room, and from being escalated. */
const KEPT: readonly Rule[] = [
  ({ key }, { running }) => {
    const agent = running.get(key);
    if (agent === undefined) return null;
    return { reason: 'already_running', detail: `a run of ${agent} is not settled yet` };
  },
  ({ labels }, { snapshot }) => {
    const missing = snapshot.rules.labelFilter.filter((label) => !labels.includes(label));
    if (missing.length === 0) return null;
    return { reason: 'label_filter', detail: `it lacks the label ${missing.join(', ')}` };
  },
  ({ labels }) =>
    labels.includes(ESCALATED_LABEL)
      ? { reason: 'escalated', detail: `a person has to look first: label ${ESCALATED_LABEL}` }
      : null,
  ({ labels }) =>
    labels.includes(HELD_LABEL)
      ? { reason: 'held', detail: `a person took it back: label ${HELD_LABEL}` }
      : null,
  (issue, { slots }) => {
    const asked = { issue, assessment: issue.assessment };
    const agent = reservedFor(asked);
    if (agent === null || slots.some(({ id }) => isReservedFor(asked, id))) return null;
    return { reason: 'reserved', detail: `reserved for ${agent}, no agent of this dispatcher` };
  },
  ({ key }, { snapshot }) => {
    const refusal = snapshot.refused.get(key);
    if (refusal === undefined) return null;
    return {
      reason: 'claim_refused',
      detail: `the tracker refuses its claim until it is changed: ${refusal.message} (${refusal.code})`,
    };
  },
  ({ key }, { snapshot }) =>
    snapshot.histories.get(key) === null
      ? {
          reason: 'history_unknown',
          detail: 'it was tried before, and the tracker does not say what came of it',
        }
      : null,
  ({ assessment: { classed } }) => (classed?.is === 'unclassified' ? classed.why : null),
];

/** What holds up an issue that could be started. */
const HELD_UP: readonly Rule[] = [
  ({ repository }, { snapshot }) => {
    const why = snapshot.paused.get(repository);
    return why === undefined ? null : { reason: 'paused', detail: why };
  },
  (_, { snapshot }) =>
    snapshot.noRoom === null ? null : { reason: 'no_room_on_machine', detail: snapshot.noRoom },
  (_, { room, snapshot }) =>
    room.starts !== null && room.starts <= 0
      ? { reason: 'max_issues', detail: `--max-issues ${snapshot.maxStarts} reached` }
      : null,
  (_, { room, snapshot }) =>
    room.runs <= 0
      ? {
          reason: 'max_concurrent',
          detail: `max_concurrent: ${snapshot.maxConcurrent} runs of this dispatcher at a time`,
        }
      : null,
  (issue, { tally }) => tally.whyLimited(issue),
];

function firstWait(rules: readonly Rule[], issue: ReadyIssue, facts: Facts): Wait | null {
  for (const rule of rules) {
    const wait = rule(issue, facts);
    if (wait !== null) return wait;
  }
  return null;
}

function everyWait(issue: ReadyIssue, facts: Facts): Wait[] {
  return [...KEPT, ...HELD_UP].flatMap((rule) => rule(issue, facts) ?? []);
}
