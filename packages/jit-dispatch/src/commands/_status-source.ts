import type { DispatchContext } from '../context.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SeenSite, StatusSource } from '../seeing/gather-status.ts';
import type { Site } from '../sites.ts';

/** All repositories of a dispatcher, to be looked at now. */
export async function sourceOf(
  context: DispatchContext,
  ledgerOf: (site: Site) => Ledger | null | Promise<Ledger | null> = context.readLedger,
): Promise<StatusSource> {
  const { name, folder, config } = context;
  const sites = await Promise.all(
    context.sites.map(
      async (site): Promise<SeenSite> => ({
        site,
        ledger: await ledgerOf(site),
        locateTracker: () => context.locateTracker(site),
      }),
    ),
  );
  return { name, folder, config, sites, now: context.now() };
}
