import { readHolder } from '../../daemon/lifecycle/instance-lock.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** The running `start` of this name, or null. */
export function daemonOf({
  folder,
}: Pick<Workbench, 'folder'>): { pid: number; since: string } | null {
  const holder = readHolder(folder);
  return holder?.command === 'start' ? { pid: holder.pid, since: holder.since } : null;
}
