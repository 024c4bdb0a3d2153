import type { Dispatcher } from '../dispatcher.ts';

/**
 * A cheap look for orders and requests of people, once a second: tells where there is something to do. An order
 * that can't be carried out now is not told more often than every `retryMs`, a request once.
 */
export function createOrderLook(
  onOrder: () => void,
  retryMs: number,
): (dispatcher: Dispatcher) => void {
  const told = new Map<string, number>();
  let request = 0;
  return ({ ledger, uptimeMs }) => {
    const ids = ledger.openOrders().map(({ id }) => id);
    for (const id of told.keys()) if (!ids.includes(id)) told.delete(id);
    const time = uptimeMs();
    for (const id of ids) {
      if (time - (told.get(id) ?? Number.NEGATIVE_INFINITY) < retryMs) continue;
      told.set(id, time);
      onOrder();
    }
    const asked = ledger.asked();
    if (asked === request || asked <= ledger.answered()) return;
    request = asked;
    onOrder();
  };
}
