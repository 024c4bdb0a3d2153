import { JitError } from '@jit/contract/errors';

const EXCERPT = 300;

/** The ways in which asking the tracker fails. */
export type TrackerErrorCode =
  | 'TRACKER_NOT_FOUND'
  | 'TRACKER_TIMEOUT'
  | 'TRACKER_FAILED'
  | 'TRACKER_GARBAGE'
  | 'TRACKER_TOO_LONG';

/** What a tracker error is about. */
export interface TrackerErrorFacts {
  readonly hint: string;
  /** What the tracker printed; the beginning of it goes into the error. */
  readonly printed?: string;
  readonly exit?: number | null;
  readonly trackerCode?: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The tracker could not be asked, or its answer is none: exit 10. */
export function trackerError(
  code: TrackerErrorCode,
  message: string,
  { hint, printed, exit, trackerCode, retryable = false, cause }: TrackerErrorFacts,
): JitError {
  return new JitError('external', code, message, {
    hint,
    retryable,
    details: {
      ...(printed === undefined ? {} : { printed: printed.slice(0, EXCERPT) }),
      ...(exit === undefined ? {} : { exit }),
      ...(trackerCode === undefined ? {} : { tracker_code: trackerCode }),
    },
    cause,
  });
}

/** The beginning of what was printed, on one line, for a message. */
export function excerpt(printed: string): string {
  const text = printed.slice(0, EXCERPT);
  return text.trim() === '' ? 'nothing' : JSON.stringify(text);
}
