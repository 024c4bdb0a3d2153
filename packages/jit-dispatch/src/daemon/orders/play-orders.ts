import type { Dispatcher } from '../dispatcher.ts';
import { settleRuns } from '../settling/settle-runs.ts';
import { cancelCreated } from '../starting/cancel-created.ts';
import { reconcile } from '../watching/reconcile.ts';
import { keepOrders } from './keep-orders.ts';

/**
 * What a cycle does for orders, and nothing else: no other run is settled, nothing is started. For
 * commands where no dispatcher runs, under the lock of its folder.
 */
export async function playOrders(dispatcher: Dispatcher): Promise<void> {
  const issues = new Set(dispatcher.ledger.openOrders().map(({ issue }) => issue));
  const { created, finished } = await reconcile(dispatcher);
  await cancelCreated(
    dispatcher,
    created.filter(({ issue }) => issues.has(issue)),
  );
  await settleRuns(
    dispatcher,
    finished.filter(({ run }) => issues.has(run.issue)),
    () => true,
  );
  await keepOrders(dispatcher);
}
