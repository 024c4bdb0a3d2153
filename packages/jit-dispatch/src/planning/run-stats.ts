import type { FailureClass, RunState, WorkClass } from '@jit/contract/vocabulary';

/** A run, as far as figures need it. */
export interface CountedRun {
  readonly agent: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly failed: FailureClass | null;
  readonly class: WorkClass | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** How times are spread. */
export interface Spread {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Runs in figures. */
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
  readonly run_secs: Spread | null;
  /** From the decision to the start of the agent; null where none was started. */
  readonly dispatch_ms: Spread | null;
}

/** How many runs there were of one class of work, and what became of them. */
export interface ClassTotals {
  readonly total: number;
  readonly completed: number;
  /** Also timed out and stalled. */
  readonly failed: number;
}

/** Folds runs into figures. */
export function countRuns(runs: readonly CountedRun[]): RunTotals {
  const classes = runs.flatMap(({ failed }) => failed ?? []);
  return {
    total: runs.length,
    live: runs.filter(({ ended_at }) => ended_at === null).length,
    ...countEnds(runs),
    failed_by_class: tally(classes),
    canceled: countIn(runs, ['canceled']),
    reassigned: runs.filter(({ state, reason }) => state === 'canceled' && reason === 'reassigned')
      .length,
    lost: countIn(runs, ['lost']),
    run_secs: spread(runs.flatMap((run) => between(run.started_at, run.ended_at, 1000))),
    dispatch_ms: spread(runs.flatMap((run) => between(run.created_at, run.started_at, 1))),
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

/** Runs by the class of their issue's work; of `unknown` nobody said any. */
export function countByClass(
  runs: readonly CountedRun[],
): Readonly<Record<WorkClass | 'unknown', ClassTotals>> {
  const of = (wanted: WorkClass | null): ClassTotals => {
    const its = runs.filter((run) => run.class === wanted);
    return { total: its.length, ...countEnds(its) };
  };
  return { human: of('human'), ai: of('ai'), hybrid: of('hybrid'), unknown: of(null) };
}

/** How many runs are in each state that one is in. */
export function countStates(runs: readonly CountedRun[]): Partial<Record<RunState, number>> {
  return tally(runs.map(({ state }) => state));
}

/** Completed runs in an hour between two times in milliseconds; null where no time has passed. */
export function perHour(completed: number, fromMs: number, toMs: number): number | null {
  return toMs > fromMs ? round((completed * 3_600_000) / (toMs - fromMs)) : null;
}

function countIn(runs: readonly CountedRun[], states: readonly RunState[]): number {
  return runs.filter(({ state }) => states.includes(state)).length;
}

function countEnds(runs: readonly CountedRun[]): Pick<ClassTotals, 'completed' | 'failed'> {
  return {
    completed: countIn(runs, ['completed']),
    failed: countIn(runs, ['failed', 'timed_out', 'stalled']),
  };
}

/** The time between in units of so many milliseconds. A clock that was set back gives none to count. */
function between(from: string | null, to: string | null, unitMs: number): number[] {
  if (from === null || to === null) return [];
  const time = (Date.parse(to) - Date.parse(from)) / unitMs;
  return time >= 0 ? [time] : [];
}

function spread(times: readonly number[]): Spread | null {
  if (times.length === 0) return null;
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  const mean = times.reduce((sum, each) => sum + each, 0) / times.length;
  return { mean: round(mean), p50: round(at(0.5)), p95: round(at(0.95)), p99: round(at(0.99)) };
}

function tally<K extends string>(words: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
