import type { JitError } from '@jit/contract/errors';
import type { DecisionOutput } from '@jit/contract/outputs/dispatch';
import type { RunState } from '@jit/contract/vocabulary';
import type { Dispatched, Outcome } from '../operations/dispatching/dispatch-issues.ts';
import type { DispatchRequest } from '../operations/dispatching/dispatch-request.ts';

/** A request, and how long a running dispatcher is waited for. */
export interface TimedRequest extends DispatchRequest {
  /** Seconds; default 60. */
  readonly waitSecs?: number | undefined;
}

/** What became of a request that succeeded. */
export interface DispatchResult {
  readonly issue: string;
  /** Empty where there is only one. */
  readonly repository: string;
  /** Null: it rests until `at`. */
  readonly run: string | null;
  readonly agent: string | null;
  readonly state: RunState | 'deferred';
  /** When it was started, or how long it rests. */
  readonly at: string;
  /** What was decided; null where a running dispatcher decided it. */
  readonly decision: DecisionOutput | null;
}

/** What became of several requests. */
export interface BatchResult {
  readonly successful: readonly DispatchResult[];
  readonly failed: readonly { readonly request: unknown; readonly error: JitError }[];
  readonly total: number;
}

const WAIT_SECS = 60;

/** The requests without how long they wait, and the longest of that. */
export function timed(requests: readonly (string | TimedRequest)[]): {
  readonly requests: readonly unknown[];
  readonly waitSecs: number;
} {
  const waits = requests.map((each) => {
    const secs = typeof each === 'string' ? undefined : each?.waitSecs;
    return typeof secs === 'number' ? secs : undefined;
  });
  return {
    requests: requests.map((each) => {
      if (typeof each !== 'object' || each === null) return each;
      const { waitSecs: _, ...request } = each;
      return request;
    }),
    waitSecs: Math.max(0, ...waits.map((each) => each ?? WAIT_SECS)),
  };
}

/** Each outcome as its result, or as why there is none. */
export function resultsOf({ outcomes, cycle }: Dispatched): readonly (DispatchResult | JitError)[] {
  return outcomes.map(({ found, result }) => {
    if ('error' in result) return result.error;
    const issue = found?.issue.id ?? '';
    const repository = found?.site.repository ?? '';
    const decision =
      cycle?.decisions.find(
        (each) => each.issue === issue && (each.repository ?? '') === repository,
      ) ?? null;
    return { issue, repository, decision, ...startOf(result) };
  });
}

function startOf(
  result: Extract<Outcome['result'], { is: 'started' | 'deferred' | 'left' }>,
): Pick<DispatchResult, 'run' | 'agent' | 'state' | 'at'> {
  if (result.is !== 'started') {
    const at = result.is === 'deferred' ? result.at : '';
    return { run: null, agent: null, state: 'deferred', at };
  }
  const { run, agent, state, at } = result;
  return { run, agent, state, at };
}
