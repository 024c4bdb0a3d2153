import { JitError } from '@jit/contract/errors';
import { failed, notNow, type Verdict } from './kind.ts';

/** What is known of an error of the other side. */
interface ErrorDetails {
  readonly retry_at?: unknown;
  readonly may_have_happened?: unknown;
}

/** The other side could not be asked; the same may go well later. */
export function unavailable(message: string): JitError {
  return new JitError('external', 'AGENT_UNAVAILABLE', message, {
    hint: 'look whether the agent can be reached from here',
    retryable: true,
  });
}

/** Whether the same call may go well later. */
export function isPassing(error: unknown): boolean {
  return error instanceof JitError && error.retryable;
}

/** Whether the other side asks for patience. */
export function isLimited(error: unknown): boolean {
  return error instanceof JitError && error.code.endsWith('_RATE_LIMITED');
}

/** When the other side may be asked again, in milliseconds since 1970; null where it does not say. */
export function patienceOf(error: unknown): number | null {
  if (!(error instanceof JitError)) return null;
  const { retry_at } = error.details as ErrorDetails;
  const at = typeof retry_at === 'string' ? Date.parse(retry_at) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** Whether what was asked for may have been done although the answer is lost. */
export function mayHaveHappened(error: unknown): boolean {
  return error instanceof JitError && (error.details as ErrorDetails).may_have_happened === true;
}

/** What an error means that no trying again mends. Mistakes in the program are thrown on. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof JitError)) throw error;
  const until = patienceOf(error);
  if (isLimited(error))
    return notNow(error.message, until === null ? null : new Date(until).toISOString());
  const hint = error.hint === undefined ? '' : `; ${error.hint}`;
  return failed('environment', error.code, `${error.message}${hint}`);
}
