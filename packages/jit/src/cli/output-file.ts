import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { JitError, usageError } from '@jit/contract/errors';

/** Refuses to write an answer where it would be in the way: inside the tracker, or in a folder that is not there. */
export function refusePlace(file: string, tracker: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new JitError('not_found', 'NO_SUCH_FOLDER', `there is no folder ${folder}`, {
      hint: 'Make it first, or name another file.',
      details: { file },
    });
  }
  // Links may lead into it.
  const place = existsSync(file) ? realpathSync(file) : join(realpathSync(folder), basename(file));
  if (`${place}${sep}`.startsWith(`${realpathSync(tracker)}${sep}`))
    throw usageError(`${file} lies inside the tracker`, { hint: 'Write to a file outside .jit.' });
}
