import type { Ledger } from '../../ledger/ledger.ts';
import type { SeenSite, StatusSource } from '../../seeing/gather-status.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** All repositories of a dispatcher, to be looked at now. */
export async function sourceOf(
  workbench: Workbench,
  ledgerOf: (site: Site) => Ledger | null | Promise<Ledger | null> = workbench.readLedger,
): Promise<StatusSource> {
  const { name, folder, config } = workbench;
  const sites = await Promise.all(
    workbench.sites.map(
      async (site): Promise<SeenSite> => ({
        site,
        ledger: await ledgerOf(site),
        locateTracker: () => workbench.locateTracker(site),
      }),
    ),
  );
  return { name, folder, config, sites, now: workbench.now() };
}
