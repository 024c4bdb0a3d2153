import type { Dispatcher } from '../../daemon/dispatcher.ts';
import type { Site } from '../../sites.ts';
import type { OpenOptions } from '../../workbench/open-dispatcher.ts';
import { retiredSites } from '../../workbench/retired-sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** The configured sites, and those that are configured no more and have live runs. */
export function sitesToOpen({
  sites,
  folder,
}: Pick<Workbench, 'sites' | 'folder'>): readonly Site[] {
  return [...sites, ...retiredSites(folder, sites)];
}

/** Opens the dispatchers of sites. Throws what the first that can't be opened throws. */
export async function openSites(
  workbench: Workbench,
  options: OpenOptions,
  sites: readonly Site[],
): Promise<Dispatcher[]> {
  const dispatchers: Dispatcher[] = [];
  for (const site of sites) dispatchers.push(await workbench.openDispatcher(options, site));
  return dispatchers;
}
