import type { Workbench } from '../../workbench/workbench.ts';

/** How many runs are live, in all repositories. */
export async function countActive(workbench: Workbench): Promise<number> {
  let count = 0;
  for (const site of workbench.sites)
    count += (await workbench.readLedger(site))?.liveRuns().length ?? 0;
  return count;
}
