import { DISPATCH_CODES, type DispatchErrorCode } from '@jit/contract/dispatch-codes';
import { type ErrorFacts, type ErrorKind, JitError } from '@jit/contract/errors';

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
