/** The steps of a cycle between which the crash tests kill the process, in order. */
export const CYCLE_STEPS = [
  'created',
  'claimed',
  'prepared',
  'dispatched',
  'started',
  'settling',
  'told',
  'settled',
] as const;

/** The steps in which the exit gates of a run are begun. */
export const GATE_STEPS = ['gating', 'gates_prepared', 'gates_started'] as const;
export type GateStep = (typeof GATE_STEPS)[number];

/** The steps of an escalation, in order; the same for them. */
export const ESCALATION_STEPS = [
  'escalating',
  'escalation_told',
  'escalated',
  'notifying',
  'hook_started',
  'notified',
] as const;
/** The steps of a pull request, in order; the same for them. */
export const PULL_STEPS = [
  'pull_queued',
  'pull_pushing',
  'pull_pushed',
  'pull_opening',
  'pull_sent',
  'pull_opened',
  'pull_told',
  'pull_linked',
] as const;
export type PullStep = (typeof PULL_STEPS)[number];
export type CycleStep = (typeof CYCLE_STEPS)[number] | (typeof ESCALATION_STEPS)[number];
