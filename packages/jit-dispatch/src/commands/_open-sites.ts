import type { DispatchContext } from '../context.ts';
import type { Dispatcher } from '../daemon/dispatcher.ts';
import type { OpenOptions } from '../open-dispatcher.ts';
import type { Site } from '../sites.ts';

/** Opens the dispatchers of sites, of all where none are named. Throws what the first that can't be opened throws. */
export async function openSites(
  context: DispatchContext,
  options: OpenOptions,
  sites: readonly Site[] = context.sites,
): Promise<Dispatcher[]> {
  const dispatchers: Dispatcher[] = [];
  for (const site of sites) dispatchers.push(await context.openDispatcher(options, site));
  return dispatchers;
}
