import { type ErrorFacts, type ErrorKind, JitError } from '@jit/contract/errors';

/** Numbers that other programs know these errors by, and whether the same call may succeed later. */
export const DISPATCH_CODES = {
  ALREADY_DISPATCHED: { number: 'E13306', retryable: false },
  INVALID_REQUEST: { number: 'E13307', retryable: false },
} as const;

/** A word for a person's wish that can't be followed. */
export type DispatchErrorCode = keyof typeof DISPATCH_CODES;

/** An error of dispatching: its number is `dispatch_code` in the details. */
export function dispatchError(
  kind: ErrorKind,
  code: DispatchErrorCode,
  message: string,
  facts: ErrorFacts,
): JitError {
  const { number, retryable } = DISPATCH_CODES[code];
  const details = { dispatch_code: number, ...facts.details };
  return new JitError(kind, code, message, { ...facts, retryable, details });
}
