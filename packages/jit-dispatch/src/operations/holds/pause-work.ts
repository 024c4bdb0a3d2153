import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import type { Workbench } from '../../workbench/workbench.ts';
import { whoAmI } from '../orders/who-am-i.ts';
import { siteLedger } from '../site-ledger.ts';
import { type AskedScope, holdsIn, scopeOf } from './scope.ts';

/** What is paused, why, and until when. */
export interface AskedPause extends AskedScope {
  readonly reason?: string | undefined;
  /** It ends by itself then (RFC 3339). */
  readonly until?: string | undefined;
  /** It ends by itself after so many seconds. */
  readonly forSecs?: number | undefined;
}

/**
 * Starts nothing new until `resumeWork`; what runs goes on. It stands in the ledger.
 * @throws JitError usage (2), INVALID_REQUEST (4) for no such agent
 */
export async function pauseWork(
  workbench: Workbench,
  { reason = '', until, forSecs, ...asked }: AskedPause,
): Promise<HoldsOutput> {
  const now = workbench.now();
  const end = endOf(now, until, forSecs);
  const { scope, sites } = await scopeOf(workbench, asked, false);
  const hold = {
    scope,
    reason,
    who: whoAmI(workbench.setup.environment),
    since: now.toISOString(),
    until: end,
  };
  const ledgers = [];
  let changed = false;
  for (const site of sites) {
    const ledger = await siteLedger(workbench, site);
    const before = ledger.holds(hold.since).find((each) => each.scope === scope);
    changed ||= before === undefined || before.reason !== reason || before.until !== end;
    ledger.hold(hold);
    ledgers.push(ledger);
  }
  return { changed, scope, ...holdsIn(ledgers, hold.since) };
}

/** When it ends by itself, or null. */
function endOf(now: Date, until: string | undefined, secs: number | undefined): string | null {
  if (until !== undefined && secs !== undefined)
    throw usageError('an end and a length exclude each other');
  if (secs !== undefined) return timeOf(now.getTime() + secs * 1000, `in ${secs} seconds`);
  if (until === undefined) return null;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(until);
  const time = timeOf(isTime ? Date.parse(until) : Number.NaN, until);
  if (Date.parse(time) <= now.getTime()) throw usageError(`${until} is over already`);
  return time;
}

function timeOf(ms: number, word: string): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999)
    throw usageError(`"${word}" is no time`, { hint: 'as in 2026-11-20T18:00:00Z' });
  return date.toISOString();
}
