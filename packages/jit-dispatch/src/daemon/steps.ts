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
export type CycleStep = (typeof CYCLE_STEPS)[number];
