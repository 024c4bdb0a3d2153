import { usageError } from '@jit/contract/errors';
import type { DispatchStatsOutput } from '@jit/contract/outputs/control';
import {
  countByAgent,
  countByClass,
  countRuns,
  countStates,
  perHour,
} from '../../planning/run-stats.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import type { AskedScope } from '../holds/scope.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Which runs are counted. */
export interface AskedStats extends AskedScope {
  /** Runs created since then (RFC 3339). */
  readonly since?: string | undefined;
  /** Runs of the last so many days. */
  readonly days?: number | undefined;
}

/** Runs in figures, counted anew from the rows of the ledgers. Errors: usage (2). */
export async function countStats(
  workbench: Workbench,
  { since, days, agent, repository }: AskedStats,
): Promise<DispatchStatsOutput> {
  const now = workbench.now();
  const from = fromOf(now, since, days);
  const sites = await askedSites(workbench, repository);
  const runs = [];
  for (const site of sites) {
    const ledger = await workbench.readLedger(site);
    for (const run of ledger?.runs({ agent }) ?? [])
      if (from === null || run.created_at >= from) runs.push(run);
  }
  const totals = countRuns(runs);
  const first = runs.reduce<string | null>(
    (least, run) => (least === null || run.created_at < least ? run.created_at : least),
    null,
  );
  const begun = from ?? first;
  return {
    since: from,
    until: now.toISOString(),
    ...totals,
    per_hour: begun === null ? null : perHour(totals.completed, Date.parse(begun), now.getTime()),
    agents: countByAgent(runs).map((each) => ({ ...each })),
    by_class: countByClass(runs),
    states: countStates(runs),
  };
}

function fromOf(now: Date, since: string | undefined, days: number | undefined): string | null {
  if (since !== undefined && days !== undefined)
    throw usageError('since and days exclude each other');
  if (since === undefined && days === undefined) return null;
  const isTime = since === undefined || /^\d{4}-\d\d-\d\d(T\d\d:\d\d|$)/.test(since);
  const time =
    since === undefined ? now.getTime() - (days ?? 0) * DAY_MS : Date.parse(isTime ? since : '');
  const date = new Date(time);
  if (Number.isNaN(date.getTime()))
    throw usageError(`${since === undefined ? 'days' : 'since'} is no time`, {
      hint: 'as in 2026-11-20 or 2026-11-20T18:00:00Z',
    });
  return date.toISOString();
}
