import { JitError } from '@jit/contract/errors';

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
        ? 'Check the rights of the .jit folder.'
        : 'Make room on the disk and try again.',
      retryable: !denied,
      details: { path, cause: code },
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
