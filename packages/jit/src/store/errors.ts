import { existsSync } from 'node:fs';
import { JitError } from '@jit/contract/errors';
import type { Folder } from './layout.ts';
import { documentPath } from './layout.ts';

/** True if a path or database can't be written here, so that reads must do without. */
export function isUnwritable(error: unknown): boolean {
  const code = codeOf(error);
  return [
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOTDIR',
    'EEXIST',
    'SQLITE_CANTOPEN',
    'SQLITE_READONLY',
  ].some((word) => code.startsWith(word));
}

/** True if the disk or its rights are to blame, so that reads must do with the files alone. */
export function isDiskTrouble(error: unknown): boolean {
  if (isUnwritable(error)) return true;
  const code = codeOf(error);
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EISDIR', 'ENOENT', 'SQLITE_FULL', 'SQLITE_IOERR'].some(
    (word) => code.startsWith(word),
  );
}

/** True if `local/` went away under a command. */
export function isVanished(error: unknown): boolean {
  return ['ENOENT', 'SQLITE_READONLY_DBMOVED'].includes(codeOf(error));
}

/** Another process may have taken the lock meanwhile, because its file was replaced. */
export function lockLost(): JitError {
  return new JitError(
    'lock_timeout',
    'LOCK_LOST',
    'nothing was changed: .jit/local was replaced or changed while this command held the lock',
    { hint: 'Try again. Leave .jit/local alone while jit is running.' },
  );
}

/** state.db holds something else than what jit wrote. */
export function stateDamaged(error: unknown, path: string): JitError {
  const why = error instanceof Error ? error.message : String(error);
  return new JitError('external', 'STATE_DAMAGED', `${path} is damaged (${why})`, {
    hint: 'Move .jit/local away: files are the truth; live leases get one full term more.',
    details: { path, cause: codeOf(error) },
    cause: error,
  });
}

/** The refusal of a command that needs a file which can't be read. */
export function unreadable(folder: Folder, name: string, problem: string): JitError {
  const file = documentPath(folder, name);
  return new JitError('invalid', 'UNREADABLE', `.jit/${file} can't be used: ${problem}`, {
    hint: 'Mend the file; jit leaves it as it is.',
    details: { ...(folder === 'issues' ? { issue: name } : { gate: name }), file, problem },
  });
}

/** A write that ended before it was durable: nothing was changed. */
export function cannotWrite(error: unknown, path: string): JitError {
  const code = codeOf(error);
  if (code === '' || error instanceof JitError) throw error;
  const why = error instanceof Error ? error.message : code;
  const denied = isUnwritable(error);
  return new JitError(
    denied ? 'permission' : 'external',
    denied ? 'NOT_WRITABLE' : 'CANNOT_STAGE',
    `nothing was changed: ${path} can't be written (${why})`,
    {
      hint: denied
        ? 'Check the rights of the .jit folder and of what is in it.'
        : 'Make room on the disk and try again.',
      retryable: !denied,
      details: { path, cause: code },
      cause: error,
    },
  );
}

/** Not even the files can be read: there is no answer to be had. */
export function cannotRead(error: unknown, root: string): unknown {
  if (error instanceof JitError || !isDiskTrouble(error)) return error;
  const why = error instanceof Error ? error.message : codeOf(error);
  return new JitError(
    isUnwritable(error) ? 'permission' : 'external',
    'NOT_READABLE',
    `${root} can't be read: ${why}`,
    {
      hint: 'Check the rights of the .jit folder and of what is in it.',
      details: { path: root, cause: codeOf(error) },
      cause: error,
    },
  );
}

/** A write that is durable but not yet in the files: the next command goes on with it. */
export function writePending(error: unknown): JitError {
  const why = error instanceof Error ? error.message : String(error);
  return new JitError(
    'external',
    'WRITE_PENDING',
    `the change is safe but not yet in the files: ${why}`,
    {
      hint: 'Do not repeat it: remove the cause, and the next jit command finishes it.',
      details: { cause: codeOf(error) },
      cause: error,
    },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** True if a tracker was deleted or moved while it was in use. */
export function isGone(error: unknown): boolean {
  return error instanceof JitError && error.code === 'NOT_A_TRACKER';
}

/** A process that goes on while somebody deletes the tracker must not put an empty one in its place. */
export function refuseGone(root: string): void {
  if (existsSync(root)) return;
  throw new JitError('not_found', 'NOT_A_TRACKER', `${root} is gone`, {
    hint: 'It was deleted or moved while this command ran. Nothing was written.',
    details: { looked_in: [root] },
  });
}
