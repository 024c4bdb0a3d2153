import { createHash } from 'node:crypto';
import type { ProcessIdentity } from '../../run-records.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** The variable that a program that is asked carries: for which dispatcher, and who started it. */
export const QUESTION_MARK = 'JIT_QUESTION_OF';

/** The same of a push. */
export const PUSH_MARK = 'JIT_PUSH_OF';

/** The value of a mark. */
export function markOf(dispatcher: Dispatcher, asker: ProcessIdentity | null): string {
  const { pid = 0, start_time = '', boot_id = '' } = asker ?? {};
  return [ownName(dispatcher), pid, start_time, boot_id].join(':');
}

/** Who started what carries a mark of this dispatcher; null for a mark of another one. */
export function askerOf(dispatcher: Dispatcher, mark: string): ProcessIdentity | null {
  const [name, pid, start_time = '', boot_id = ''] = mark.split(':');
  return name === ownName(dispatcher) ? { pid: Number(pid), start_time, boot_id } : null;
}

/** Tells it from dispatchers of other folders without naming one. */
function ownName({ host }: Dispatcher): string {
  return createHash('sha256').update(host.folder('.')).digest('hex').slice(0, 16);
}
