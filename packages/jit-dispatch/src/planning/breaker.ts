import type { FailureClass } from '@jit/contract/vocabulary';

/** When an agent that keeps failing is given a rest. Seconds. */
export interface BreakerRules {
  readonly failures: number;
  readonly windowSecs: number;
  readonly pauseSecs: number;
  readonly maxPauseSecs: number;
  readonly resetSecs: number;
}

/** A run that has ended, as the ledger has it. */
export interface EndedAttempt {
  readonly state: string;
  readonly failed: FailureClass | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

/**
 * Whether an agent may start: `well`; `resting` until a time in milliseconds; `trying`: one run at a time,
 * until one succeeds; `unhealthy` by its check; or `paused` by a person.
 */
export type AgentHealth =
  | { readonly is: 'well' }
  | { readonly is: 'resting'; readonly until: number; readonly why: string }
  | { readonly is: 'trying'; readonly why: string }
  | { readonly is: 'unhealthy'; readonly why: string }
  | { readonly is: 'paused'; readonly why: string };

/** Failures that say something about the agent whatever the issue was. */
const COUNTED: readonly (FailureClass | null)[] = ['agent', 'no_progress', 'environment'];

interface Step {
  readonly begun: number;
  readonly ended: number;
  readonly failed: FailureClass | null;
  readonly isSuccess: boolean;
}

interface State {
  readonly recent: readonly { readonly failed: FailureClass; readonly at: number }[];
  /** How often it rested since it was last forgotten. */
  readonly level: number;
  readonly wellSince: number | null;
  readonly open: { readonly at: number; readonly why: string } | null;
}

const FRESH: State = { recent: [], level: 0, wellSince: null, open: null };

/**
 * Judges an agent by its ended runs. Nothing is counted up and down, so a restart changes nothing
 * (invariant HEALTH-IS-FOLDED).
 * A clock that was put back ends a rest early rather than making it longer.
 * @param runs of the agent, in the order in which they were created, oldest first
 * @param now in milliseconds
 */
export function judgeAgent(
  runs: readonly EndedAttempt[],
  rules: BreakerRules,
  now: number,
): AgentHealth {
  const { steps, shift } = inOrder(runs);
  const state = steps.reduce((before, step) => advance(before, step, rules), FRESH);
  if (state.open === null) return { is: 'well' };
  const { why } = state.open;
  const at = state.open.at - shift;
  const until = at + pauseSecs(state.level, rules) * 1000;
  return now >= at && now < until ? { is: 'resting', until, why } : { is: 'trying', why };
}

/** The n-th rest in seconds: doubled each time. */
function pauseSecs(level: number, rules: BreakerRules): number {
  return Math.min(rules.pauseSecs * 2 ** (level - 1), rules.maxPauseSecs);
}

function advance(before: State, step: Step, rules: BreakerRules): State {
  const { open } = before;
  const isCounted = COUNTED.includes(step.failed);
  if (open !== null) {
    // Begun before the rest: what it says is known already.
    if (step.begun < open.at) return before;
    if (isCounted) return opened(before, step, `the try after its rest failed (${step.failed})`);
    return step.isSuccess ? { ...before, recent: [], wellSince: step.ended, open: null } : before;
  }
  const state = forgotten(before, step, rules);
  if (!isCounted || step.failed === null)
    return step.isSuccess ? { ...state, wellSince: state.wellSince ?? step.ended } : state;
  const since = step.ended - rules.windowSecs * 1000;
  const recent = [...state.recent, { failed: step.failed, at: step.ended }].filter(
    ({ at }) => at > since,
  );
  const alike = recent.filter(({ failed }) => failed === step.failed).length;
  if (alike < rules.failures) return { ...state, recent, wellSince: null };
  return opened(state, step, `${alike} failures (${step.failed}) within ${rules.windowSecs} s`);
}

function opened(state: State, { ended }: Step, why: string): State {
  return { recent: [], level: state.level + 1, wellSince: null, open: { at: ended, why } };
}

/** After a long time of success the next rest is a short one again. */
function forgotten(state: State, { ended }: Step, { resetSecs }: BreakerRules): State {
  const { wellSince } = state;
  if (wellSince === null || ended - wellSince < resetSecs * 1000) return state;
  return { ...state, level: 0 };
}

/**
 * The runs as steps in the order of their ends. Where a run was created "before" the one that came
 * before it, the clock was put back: from there on times are moved behind everything seen so far.
 */
function inOrder(runs: readonly EndedAttempt[]): { steps: Step[]; shift: number } {
  let shift = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let lastBegun = Number.NEGATIVE_INFINITY;
  const steps = runs.flatMap((run): Step[] => {
    let begun = Date.parse(run.created_at) + shift;
    if (begun < lastBegun) {
      shift += latest - begun;
      begun = latest;
    }
    lastBegun = begun;
    latest = Math.max(latest, begun);
    if (run.ended_at === null) return [];
    const ended = Math.max(begun, Date.parse(run.ended_at) + shift);
    latest = Math.max(latest, ended);
    const { failed } = run;
    return [{ begun, ended, failed, isSuccess: run.state === 'completed' && failed === null }];
  });
  return { steps: steps.toSorted((a, b) => a.ended - b.ended), shift };
}
