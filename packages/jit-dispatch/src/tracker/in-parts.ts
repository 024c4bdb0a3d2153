import { JitError } from '@jit/contract/errors';
import type { TrackerAnswer, TrackerCall } from './tracker.ts';

/**
 * Asks everything at once, and in halves where the answers are too long to be taken together: a few
 * issues with enormous texts must not keep all others waiting. Every call may be made twice.
 */
export async function inParts(
  calls: readonly TrackerCall[],
  ask: (part: readonly TrackerCall[]) => Promise<readonly TrackerAnswer[]>,
): Promise<readonly TrackerAnswer[]> {
  try {
    return await ask(calls);
  } catch (error) {
    if (!(error instanceof JitError) || error.code !== 'TRACKER_TOO_LONG') throw error;
    if (calls.length === 1) return [{ is: 'unknown', message: error.message }];
    const half = Math.ceil(calls.length / 2);
    const first = await inParts(calls.slice(0, half), ask);
    return [...first, ...(await inParts(calls.slice(half), ask))];
  }
}
