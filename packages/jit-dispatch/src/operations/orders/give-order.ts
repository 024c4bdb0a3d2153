import { randomBytes } from 'node:crypto';
import { JitError } from '@jit/contract/errors';
import type { OrderOutput } from '@jit/contract/outputs/control';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { newRunId } from '../../ledger/new-run-id.ts';
import type { NewOrder, Order } from '../../ledger/orders.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { daemonOf } from '../lifecycle/daemon-of.ts';
import { siteLedger } from '../site-ledger.ts';
import { whoAmI } from './who-am-i.ts';

/** How long an order is waited for. */
export interface OrderPatience {
  /** For it to be carried out; 0: not at all. */
  readonly waitSecs: number;
  /** For another command of this name to end. */
  readonly lockTimeoutMs: number;
}

/** What is ordered, of which issue of which site. */
export interface Wish extends Pick<NewOrder, 'kind' | 'issue' | 'run' | 'agent' | 'reason'> {
  readonly site: Site;
}

const POLL_MS = 50;
/** What comes of an order that changes something; null: that is not known yet. */
const CHANGING: readonly (string | null)[] = [null, 'canceled', 'held', 'reassigned'];

/**
 * Writes an order durably and waits for what comes of it. A running dispatcher carries it out; where
 * there is none this process does, under the lock. Killed in between, the order stays: the next cycle
 * of any dispatcher of this name goes on with it.
 */
export async function giveOrder(
  workbench: Workbench,
  { site, ...wish }: Wish,
  { waitSecs, lockTimeoutMs }: OrderPatience,
): Promise<OrderOutput> {
  const id = newRunId(workbench.now().getTime(), randomBytes(16));
  const at = workbench.now().toISOString();
  let ledger = await siteLedger(workbench, site);
  ledger.giveOrder({ ...wish, id, at, who: whoAmI(workbench.setup.environment) });
  const deadline = uptimeMs() + waitSecs * 1000;
  const report = (leftTo: OrderOutput['left_to']) =>
    toOutput(site, ledger.order(id), { id, ...wish }, leftTo);

  if (daemonOf(workbench) === null) {
    const played = await playHere(workbench, site, { id, deadline, lockTimeoutMs });
    if (played !== null) {
      ledger = played;
      return report(null);
    }
  }
  while (ledger.order(id)?.done_at == null) {
    // Whoever carried it out is gone: this process does, or the next cycle.
    if (uptimeMs() >= deadline || daemonOf(workbench) === null) break;
    await delay(POLL_MS);
  }
  if (ledger.order(id)?.done_at != null) return report(null);
  const daemon = daemonOf(workbench);
  if (daemon !== null || uptimeMs() >= deadline) return report(daemon);
  ledger = (await playHere(workbench, site, { id, deadline, lockTimeoutMs })) ?? ledger;
  return report(daemonOf(workbench));
}

/** Carries out what is ordered in a site; null if a dispatcher has been started meanwhile. */
async function playHere(
  workbench: Workbench,
  site: Site,
  {
    id,
    deadline,
    lockTimeoutMs,
  }: { readonly id: string; readonly deadline: number; readonly lockTimeoutMs: number },
): Promise<Ledger | null> {
  const { takeInstanceLock } = await import('../../daemon/lifecycle/instance-lock.ts');
  const { playOrders } = await import('../../daemon/orders/play-orders.ts');
  const since = workbench.now().toISOString();
  try {
    const lock = await takeInstanceLock(workbench.folder, {
      command: 'once',
      since,
      timeoutMs: lockTimeoutMs,
    });
    try {
      const dispatcher = await workbench.openDispatcher({ logFormat: null, onEnd: () => {} }, site);
      for (;;) {
        await playOrders(dispatcher);
        const isDone = dispatcher.ledger.order(id)?.done_at !== null;
        if (isDone || uptimeMs() >= deadline) return dispatcher.ledger;
        await delay(POLL_MS);
      }
    } finally {
      lock.release();
    }
  } catch (error) {
    const isRunning = error instanceof JitError && error.code === 'DISPATCHER_RUNNING';
    if (isRunning && daemonOf(workbench) !== null) return null;
    throw error;
  }
}

function toOutput(
  { repository }: Site,
  order: Order | null,
  { id, kind, issue, run, agent }: Pick<NewOrder, 'id' | 'kind' | 'issue' | 'run' | 'agent'>,
  leftTo: OrderOutput['left_to'],
): OrderOutput {
  const outcome = order?.outcome ?? null;
  const waits =
    leftTo === null ? 'the next cycle goes on with it' : 'the running dispatcher goes on with it';
  return {
    order: id,
    kind,
    repository,
    issue,
    run: order?.run ?? run,
    agent,
    changed: CHANGING.includes(outcome),
    outcome,
    detail: order?.detail ?? `not carried out yet: ${waits}`,
    left_to: leftTo,
  };
}
