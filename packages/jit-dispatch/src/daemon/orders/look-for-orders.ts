import type { Dispatcher } from '../dispatcher.ts';

/**
 * A cheap look for orders that people gave, once a second: tells where there is something to do. One that
 * can't be carried out now is not told more often than every `retryMs`.
 */
export function createOrderLook(
  onOrder: () => void,
  retryMs: number,
): (dispatcher: Dispatcher) => void {
  const told = new Map<string, number>();
  return ({ ledger, uptimeMs }) => {
    const ids = ledger.openOrders().map(({ id }) => id);
    for (const id of told.keys()) if (!ids.includes(id)) told.delete(id);
    const time = uptimeMs();
    for (const id of ids) {
      if (time - (told.get(id) ?? Number.NEGATIVE_INFINITY) < retryMs) continue;
      told.set(id, time);
      onOrder();
    }
  };
}
