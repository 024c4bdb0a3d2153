import type { DispatchContext } from '../context.ts';
import type { SeenSite, StatusSource } from '../seeing/gather-status.ts';

/** All repositories of a dispatcher, to be looked at now. */
export async function sourceOf(context: DispatchContext): Promise<StatusSource> {
  const { name, folder, config } = context;
  const sites = await Promise.all(
    context.sites.map(
      async (site): Promise<SeenSite> => ({
        site,
        ledger: await context.readLedger(site),
        locateTracker: () => context.locateTracker(site),
      }),
    ),
  );
  return { name, folder, config, sites, now: context.now() };
}
