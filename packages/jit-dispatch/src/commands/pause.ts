import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { renderHolds } from './_render-holds.ts';
import { holdsIn, scopeOf, scopeOptions } from './_scope.ts';
import { siteLedger } from './_site-ledger.ts';
import { whoAmI } from './_who-am-i.ts';

export const pause = defineCommand({
  path: 'pause',
  summary: 'Start nothing new until resume; what runs goes on',
  description:
    'It stands in the ledger: a restart does not end it. What is paused already gets the new reason and end.',
  examples: [
    { argv: 'pause --reason "release day"', does: 'pauses everything' },
    { argv: 'pause --agent claude-2 --for 3600', does: 'one agent, for an hour' },
  ],
  options: {
    ...scopeOptions,
    reason: { type: 'string', placeholder: 'TEXT', describe: 'why, for whoever looks later' },
    until: { type: 'string', placeholder: 'TIME', describe: 'it ends by itself then (RFC 3339)' },
    for: { type: 'number', min: 1, placeholder: 'SECS', describe: 'it ends by itself after SECS' },
  },
  output: 'Holds',
  exits: ['4 INVALID_REQUEST: no such agent'],
  async run(context, { reason = '', until, for: secs, ...asked }): Promise<HoldsOutput> {
    const now = context.now();
    const end = endOf(now, until, secs);
    const { scope, sites } = await scopeOf(context, asked, false);
    const hold = {
      scope,
      reason,
      who: whoAmI(context.setup.environment),
      since: now.toISOString(),
      until: end,
    };
    const ledgers = [];
    let changed = false;
    for (const site of sites) {
      const ledger = await siteLedger(context, site);
      const before = ledger.holds(hold.since).find((each) => each.scope === scope);
      changed ||= before === undefined || before.reason !== reason || before.until !== end;
      ledger.hold(hold);
      ledgers.push(ledger);
    }
    return { changed, scope, ...holdsIn(ledgers, hold.since) };
  },
  render: renderHolds,
});

/** When it ends by itself, or null. */
function endOf(now: Date, until: string | undefined, secs: number | undefined): string | null {
  if (until !== undefined && secs !== undefined)
    throw usageError('--until and --for exclude each other');
  if (secs !== undefined) return timeOf(now.getTime() + secs * 1000, '--for');
  if (until === undefined) return null;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(until);
  const time = timeOf(isTime ? Date.parse(until) : Number.NaN, '--until');
  if (Date.parse(time) <= now.getTime()) throw usageError(`--until: ${until} is over already`);
  return time;
}

function timeOf(ms: number, option: string): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999)
    throw usageError(`${option} is no time`, { hint: 'as in 2026-11-20T18:00:00Z' });
  return date.toISOString();
}
