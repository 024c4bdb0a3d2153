import { join } from 'node:path';
import type { DispatchContext } from '../context.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Site } from '../sites.ts';

/** The ledger of a site, made where nothing was dispatched yet. */
export async function siteLedger(context: DispatchContext, site: Site): Promise<Ledger> {
  const there = await context.readLedger(site);
  if (there !== null) return there;
  context.makeFolder();
  const { openLedger } = await import('../ledger/ledger.ts');
  openLedger(join(site.folder, 'ledger.db')).close();
  const made = await context.readLedger(site);
  if (made === null) throw new Error(`the ledger in ${site.folder} vanished`);
  return made;
}
