/** Numbers that other programs know errors of dispatching by, and whether the same call may succeed later. */
export const DISPATCH_CODES = {
  /** No agent may have the issue. */
  NO_SUITABLE_AGENT: { number: 'E13301', retryable: true },
  /** It is not known who the issue is for. */
  CLASSIFICATION_FAILED: { number: 'E13302', retryable: true },
  /** What the agent should be given could not be made. */
  CONTEXT_BUILD_FAILED: { number: 'E13303', retryable: true },
  /** Nothing was decided in time. */
  DISPATCH_TIMEOUT: { number: 'E13304', retryable: true },
  /** Those that may have it are full, rest, are not well or are paused, or can't be started. */
  AGENT_UNAVAILABLE: { number: 'E13305', retryable: true },
  ALREADY_DISPATCHED: { number: 'E13306', retryable: false },
  INVALID_REQUEST: { number: 'E13307', retryable: false },
} as const;

/** A word for a wish that can't be followed. */
export type DispatchErrorCode = keyof typeof DISPATCH_CODES;
