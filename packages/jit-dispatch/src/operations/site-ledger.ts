import { join } from 'node:path';
import type { Ledger } from '../ledger/ledger.ts';
import type { Site } from '../sites.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** The ledger of a site, made where nothing was dispatched yet. */
export async function siteLedger(workbench: Workbench, site: Site): Promise<Ledger> {
  const there = await workbench.readLedger(site);
  if (there !== null) return there;
  workbench.makeFolder();
  const { openLedger } = await import('../ledger/ledger.ts');
  openLedger(join(site.folder, 'ledger.db')).close();
  const made = await workbench.readLedger(site);
  if (made === null) throw new Error(`the ledger in ${site.folder} vanished`);
  return made;
}
