/** The states an issue file can hold. `ready` is never stored: it is computed. */
export const STORED_STATES = [
  'open',
  'in_progress',
  'gated',
  'done',
  'rejected',
  'archived',
] as const;
export type StoredState = (typeof STORED_STATES)[number];

/** The states people and programs see: `open` means open and blocked, `ready` means open and free of blockers. */
export const SHOWN_STATES = [
  'ready',
  'open',
  'in_progress',
  'gated',
  'done',
  'rejected',
  'archived',
] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/** Stored states in which work is still to be done. The rest is finished. */
export const UNFINISHED_STATES = ['open', 'in_progress', 'gated'] as const;
export type UnfinishedState = (typeof UNFINISHED_STATES)[number];

/** Most urgent first. */
export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** `ready` gates (entry gates) hold back ready, `done` gates (exit gates) hold back done. */
export const GATE_STAGES = ['ready', 'done'] as const;
export type GateStage = (typeof GATE_STAGES)[number];

/** A `manual` gate is passed by a person's word, an `auto` gate by its checker. */
export const GATE_MODES = ['manual', 'auto'] as const;
export type GateMode = (typeof GATE_MODES)[number];

export const GATE_STATUSES = ['pending', 'passed', 'failed'] as const;
export type GateStatus = (typeof GATE_STATUSES)[number];

/** What the end of a checker says about its gate. */
export const VERDICTS = ['passed', 'failed', 'could_not_run'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why an issue is not ready. */
export const BLOCKER_TYPES = ['dependency', 'gate', 'deferred'] as const;
export type BlockerType = (typeof BLOCKER_TYPES)[number];

/** The closed list of event types. Heartbeats are no events. */
export const EVENT_TYPES = [
  'issue_created',
  'issue_updated',
  'issue_deleted',
  'issue_imported',
  'state_changed',
  'ready_changed',
  'claimed',
  'claim_released',
  'claim_expired',
  'claim_resumed',
  'claim_overridden',
  'reassigned',
  'assigned',
  'dependency_added',
  'dependency_removed',
  'gate_defined',
  'gate_added',
  'gate_removed',
  'gate_passed',
  'gate_failed',
  'comment_added',
  'forced',
  'merge_conflict',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Why a run failed, as `release --failed` records it. */
export const FAILURE_CLASSES = [
  'agent',
  'no_progress',
  'rate_limit',
  'tracker',
  'gate',
  'environment',
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Who work is for, and who an agent is: a person, a program, or a program with a person beside it. */
export const WORK_CLASSES = ['human', 'ai', 'hybrid'] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

/** The states of a dispatcher's run. */
export const RUN_STATES = [
  'created',
  'dispatched',
  'running',
  'idle',
  'completed',
  'failed',
  'timed_out',
  'stalled',
  'canceled',
  'lost',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The run states in which a run still takes a slot of its agent. */
export const LIVE_RUN_STATES = ['created', 'dispatched', 'running', 'idle'] as const;
export type LiveRunState = (typeof LIVE_RUN_STATES)[number];

/** The label of an issue that a person has to look at: dispatchers pass it over until it is taken off. */
export const ESCALATED_LABEL = 'dispatch:escalated';

/** The label of an issue that a person took from its agent: dispatchers pass it over until it is taken off. */
export const HELD_LABEL = 'dispatch:held';

/** How a dispatcher chooses among the agents that may have an issue. */
export const STRATEGIES = ['best-match', 'round-robin', 'random', 'least-loaded', 'only'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** The keys of an issue's metadata that say how it is to be dispatched, one for each wish. */
export const WISH_KEYS = {
  to: 'dispatch.to',
  prefer: 'dispatch.prefer',
  exclude: 'dispatch.exclude',
  class: 'dispatch.class',
  taskType: 'dispatch.task_type',
  tokenBudget: 'dispatch.token_budget',
  maxAttempts: 'dispatch.max_attempts',
} as const;
