/** What of a run says in which phase it is. */
interface Phased {
  readonly run: string;
  readonly state: string;
  readonly gate_tries: number;
}

/**
 * The phase that a run is in, as a name for the run host. Each has a keeper and a folder of its own: the
 * agent's is that of the run, each try of the exit gates has one inside it.
 */
export function phaseOf({ run, state, gate_tries }: Phased): string {
  return state === 'idle' && gate_tries > 0 ? gatesPhase(run, gate_tries) : run;
}

/** The phase of the n-th try of a run's exit gates. */
export function gatesPhase(run: string, n: number): string {
  return `${run}/gates-${n}`;
}

/** The run that a phase belongs to. */
export function runOfPhase(phase: string): string {
  return phase.split('/', 1)[0] ?? phase;
}
