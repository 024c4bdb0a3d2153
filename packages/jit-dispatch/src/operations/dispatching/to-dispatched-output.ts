import type { DispatchedOutput, DispatchOutcomeOutput } from '@jit/contract/outputs/dispatch';
import type { Dispatched, Outcome } from './dispatch-issues.ts';

/** What became of requests that were admitted together, as people and programs see it. */
export function toDispatchedOutput({ outcomes, leftTo, cycle }: Dispatched): DispatchedOutput {
  // One that was typed in two ways is one issue.
  const each = new Map(outcomes.map((outcome) => [outcome.found?.key, outcome]));
  return {
    issues: [...each.keys()].flatMap((key) => key ?? []),
    left_to: leftTo,
    cycle,
    outcomes: [...each.values()].flatMap((outcome) => toOutcomeOutput(outcome) ?? []),
  };
}

function toOutcomeOutput({ found, result }: Outcome): DispatchOutcomeOutput | null {
  if (found === null || result.is === 'refused') return null;
  const blank = { run: null, agent: null, at: null };
  const well = { code: null, dispatch_code: null, retryable: null, message: null };
  const about = { repository: found.site.repository || null, issue: found.issue.id };
  switch (result.is) {
    case 'started': {
      const { run, agent, at } = result;
      return { ...about, state: 'started', run, agent, at, ...well };
    }
    case 'deferred':
      return { ...about, state: 'deferred', ...blank, at: result.at, ...well };
    case 'left':
      return { ...about, state: 'left', ...blank, ...well };
    case 'waits': {
      const { code, message, retryable, details } = result.error;
      const number = details.dispatch_code;
      const dispatch_code = typeof number === 'string' ? number : null;
      return { ...about, state: 'waits', ...blank, code, dispatch_code, retryable, message };
    }
  }
}
