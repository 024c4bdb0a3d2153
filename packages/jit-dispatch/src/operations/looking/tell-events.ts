import type { NotifyEvent } from '../../config/notify-events.ts';
import { type Condition, changesOf, type Notice } from '../../daemon/notices/notice.ts';
import { conditionOf, noticesOf } from '../../daemon/notices/watch-notices.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** What happens, as programs are told it. */
export type DispatcherEvent = Notice;
export type DispatcherEventName = NotifyEvent;

/** The events of a dispatcher, of whatever process, since it was made. */
export interface EventTeller {
  /** What has happened since the last look. */
  look(): Promise<readonly DispatcherEvent[]>;
}

/** So many records of a repository at a time. */
const MOST = 500;

/** Begins to follow the ledgers: what comes from now on is told. */
export async function tellEvents(workbench: Workbench): Promise<EventTeller> {
  const seen = new Map<Site, { ledger: Ledger | null; seq: number; before: Condition | null }>();
  for (const site of workbench.sites) {
    const ledger = await workbench.readLedger(site);
    seen.set(site, { ledger, seq: ledger?.newestSeq() ?? 0, before: null });
  }
  return {
    async look() {
      const told: DispatcherEvent[] = [];
      const ledgers: Ledger[] = [];
      for (const site of workbench.sites) {
        const ledger = await workbench.readLedger(site);
        if (ledger !== null) ledgers.push(ledger);
      }
      for (const [index, site] of workbench.sites.entries()) {
        const its = seen.get(site);
        const ledger = await workbench.readLedger(site);
        if (its === undefined || ledger === null) continue;
        // Made anew: its numbers begin again.
        const isOther = its.ledger !== null && its.ledger !== ledger;
        const source = { dispatcher: workbench.name, repository: site.repository };
        const records = ledger.recordsAfter(isOther ? 0 : its.seq, MOST);
        told.push(...noticesOf(ledger, records, source));
        const { config, now } = workbench;
        const after = conditionOf({ config, ledger, now }, index === 0 ? ledgers : null);
        const at = now().toISOString();
        told.push(...changesOf(its.before, after, { ...source, at }));
        const seq = records.at(-1)?.seq ?? (isOther ? 0 : its.seq);
        seen.set(site, { ledger, seq, before: after });
      }
      return told;
    },
  };
}
