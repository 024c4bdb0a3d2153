/** Numbers that other programs know errors of dispatching by, and whether the same call may succeed later. */
export const DISPATCH_CODES = {
  ALREADY_DISPATCHED: { number: 'E13306', retryable: false },
  INVALID_REQUEST: { number: 'E13307', retryable: false },
} as const;

/** A word for a wish that can't be followed. */
export type DispatchErrorCode = keyof typeof DISPATCH_CODES;
