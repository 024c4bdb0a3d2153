import { JitError } from '@jit/contract/errors';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from './tracker.ts';

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

/**
 * Issues with what people wrote; where that is too long to be printed together, the small items, and the
 * texts by calls in parts. An issue whose own text is too long stays a small item.
 */
export async function withLongTexts(
  whole: () => Promise<readonly TrackerIssue[]>,
  items: () => Promise<readonly TrackerIssue[]>,
  call: (calls: readonly TrackerCall[]) => Promise<readonly TrackerAnswer[]>,
): Promise<readonly TrackerIssue[]> {
  try {
    return await whole();
  } catch (error) {
    if (!(error instanceof JitError) || error.code !== 'TRACKER_TOO_LONG') throw error;
    const small = await items();
    const shown = await call(small.map(({ id }) => ({ do: 'show', issue: id })));
    return small.map((issue, index) => {
      const answer = shown[index];
      const found = answer?.is === 'ok' ? answer.issues[0] : undefined;
      // Everything else is as the list says: the issue may have changed since.
      return found === undefined ? issue : { ...issue, whole: found.whole };
    });
  }
}
