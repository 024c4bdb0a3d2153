import { JitError } from '@jit/contract/errors';
import { ledgerError } from '../ledger/ledger-error.ts';
import type { Dispatcher } from './dispatcher.ts';

/** A refusal of tracker, ledger or file system; a mistake in the program is thrown on. */
export function asFailure({ host }: Pick<Dispatcher, 'host'>, error: unknown): JitError {
  const failure = ledgerError(host.folder('.'), error);
  if (failure instanceof JitError) return failure;
  throw failure;
}
