import { type ErrorKind, EXIT_CODES } from '@jit/contract/errors';

const BLOCKED = 'blocked or invalid: remove the cause that the message names';

const MEANINGS: Readonly<Record<ErrorKind, string>> = {
  bug: 'a bug: report it',
  usage: 'wrong usage: correct the call',
  not_found: 'not found; with the code NOTHING_READY: nothing to claim, look later',
  invalid: BLOCKED,
  blocked: BLOCKED,
  permission: 'not permitted: somebody else has to do it or to allow it',
  conflict: 'conflict: somebody else holds it, take another one',
  lost_claim: 'the claim is lost: stop the work on it',
  external: 'another program or the disk failed: see to it, then try again',
  lock_timeout: 'the lock was not had in time: try again',
  interrupted: 'interrupted: try again when it suits',
};

/** `help exit-codes`: a line for each exit code, what it means and what to do. */
export const EXIT_CODE_TOPIC: string = lines().join('\n');

function lines(): string[] {
  const byCode = new Map([[0, 'ok']]);
  for (const [kind, code] of Object.entries(EXIT_CODES))
    byCode.set(code, MEANINGS[kind as ErrorKind]);
  return [...byCode].map(([code, meaning]) => `${String(code).padStart(4)}  ${meaning}`);
}
