import type { Dispatcher } from '../dispatcher.ts';
import type { Mailbox } from '../lifecycle/mailbox.ts';

/** One that can't be carried out now is not tried more often. */
const RETRY_MS = 5_000;

/** A cheap look for orders that people gave: posts to the mailbox where there is something to do. */
export function createOrderLook(dispatcher: Dispatcher, mailbox: Mailbox): () => void {
  const told = new Map<string, number>();
  return () => {
    const open = dispatcher.ledger.openOrders();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of told.keys()) if (!ids.has(id)) told.delete(id);
    const time = dispatcher.uptimeMs();
    const due = open.filter(
      ({ id }) => time - (told.get(id) ?? Number.NEGATIVE_INFINITY) >= RETRY_MS,
    );
    if (due.length === 0) return;
    for (const { id } of due) told.set(id, time);
    mailbox.post('ordered');
  };
}
