import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { gatherStatus } from '../../seeing/gather-status.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { sourceOf } from './status-source.ts';

/** The dispatcher, its agents, what runs and what waits. A tracker that can't be asked is told in it. */
export async function showStatus(workbench: Workbench): Promise<DispatcherStatusOutput> {
  return gatherStatus(await sourceOf(workbench));
}
