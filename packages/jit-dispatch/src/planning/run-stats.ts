import type { FailureClass, RunState } from '@jit/contract/vocabulary';

/** A run, as far as figures need it. */
export interface CountedRun {
  readonly agent: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly failed: FailureClass | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Runs in figures; times in seconds. */
export interface RunTotals {
  readonly total: number;
  readonly live: number;
  readonly completed: number;
  /** Also timed out and stalled. */
  readonly failed: number;
  readonly failed_by_class: Partial<Record<FailureClass, number>>;
  readonly canceled: number;
  readonly reassigned: number;
  readonly lost: number;
  /** From the start of the agent to its end; null where none has ended. */
  readonly run_secs: { readonly mean: number; readonly p50: number; readonly p95: number } | null;
}

/** Folds runs into figures. */
export function countRuns(runs: readonly CountedRun[]): RunTotals {
  const inState = (...states: readonly RunState[]) =>
    runs.filter(({ state }) => states.includes(state)).length;
  const classes = runs.flatMap(({ failed }) => failed ?? []);
  return {
    total: runs.length,
    live: runs.filter(({ ended_at }) => ended_at === null).length,
    completed: inState('completed'),
    failed: inState('failed', 'timed_out', 'stalled'),
    failed_by_class: tally(classes),
    canceled: inState('canceled'),
    reassigned: runs.filter(({ state, reason }) => state === 'canceled' && reason === 'reassigned')
      .length,
    lost: inState('lost'),
    run_secs: spread(runs.flatMap(secsOf)),
  };
}

/** The same for each agent, by name. */
export function countByAgent(
  runs: readonly CountedRun[],
): readonly (RunTotals & { readonly agent: string })[] {
  const agents = [...new Set(runs.map(({ agent }) => agent))].sort();
  return agents.map((agent) => ({
    agent,
    ...countRuns(runs.filter((run) => run.agent === agent)),
  }));
}

/** How many runs are in each state that one is in. */
export function countStates(runs: readonly CountedRun[]): Partial<Record<RunState, number>> {
  return tally(runs.map(({ state }) => state));
}

/** Completed runs in an hour between two times in milliseconds; null where no time has passed. */
export function perHour(completed: number, fromMs: number, toMs: number): number | null {
  return toMs > fromMs ? round((completed * 3_600_000) / (toMs - fromMs)) : null;
}

/** A clock that was set back gives no time to count. */
function secsOf({ started_at, ended_at }: CountedRun): number[] {
  if (started_at === null || ended_at === null) return [];
  const secs = (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  return secs >= 0 ? [secs] : [];
}

function spread(secs: readonly number[]): RunTotals['run_secs'] {
  if (secs.length === 0) return null;
  const sorted = [...secs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const mean = secs.reduce((sum, each) => sum + each, 0) / secs.length;
  return { mean: round(mean), p50: round(at(0.5)), p95: round(at(0.95)) };
}

function tally<K extends string>(words: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
