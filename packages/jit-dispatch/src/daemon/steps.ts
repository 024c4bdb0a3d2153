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

/** The steps of an escalation, in order; the same for them. */
export const ESCALATION_STEPS = [
  'escalating',
  'escalation_told',
  'escalated',
  'notifying',
  'hook_started',
  'notified',
] as const;
export type CycleStep = (typeof CYCLE_STEPS)[number] | (typeof ESCALATION_STEPS)[number];
