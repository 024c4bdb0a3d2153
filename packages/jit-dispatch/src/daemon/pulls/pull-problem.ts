import { JitError } from '@jit/contract/errors';
import type { PullFailure } from '../../planning/judge-pull.ts';

/** Why a try to make a pull request did not get through, in words for people. */
export class PullProblem extends Error {
  readonly isFinal: boolean;
  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** Errors by which a forge refuses this very request. */
const FINAL: readonly string[] = ['FORGE_REFUSED', 'USAGE'];

/** What an error of a try means. One that is a mistake in the program is thrown on. */
export function failureOf(error: unknown): PullFailure {
  if (error instanceof PullProblem)
    return { message: error.message, isFinal: error.isFinal, retryAt: null };
  if (!(error instanceof JitError)) throw error;
  const { code, message, details } = error;
  const { retry_at } = details;
  const retryAt = code === 'FORGE_RATE_LIMITED' && typeof retry_at === 'string' ? retry_at : null;
  return { message: `${message} (${code})`, isFinal: FINAL.includes(code), retryAt };
}
