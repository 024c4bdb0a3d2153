import type { DispatchContext } from '../context.ts';
import type { Dispatcher } from '../daemon/dispatcher.ts';
import type { OpenOptions } from '../open-dispatcher.ts';
import { retiredSites } from '../retired-sites.ts';
import type { Site } from '../sites.ts';

/** The configured sites, and those that are configured no more and have live runs. */
export function sitesToOpen({
  sites,
  folder,
}: Pick<DispatchContext, 'sites' | 'folder'>): readonly Site[] {
  return [...sites, ...retiredSites(folder, sites)];
}

/** Opens the dispatchers of sites. Throws what the first that can't be opened throws. */
export async function openSites(
  context: DispatchContext,
  options: OpenOptions,
  sites: readonly Site[],
): Promise<Dispatcher[]> {
  const dispatchers: Dispatcher[] = [];
  for (const site of sites) dispatchers.push(await context.openDispatcher(options, site));
  return dispatchers;
}
