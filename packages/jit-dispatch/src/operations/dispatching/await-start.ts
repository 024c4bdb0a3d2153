import { join } from 'node:path';
import type { JitError } from '@jit/contract/errors';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import { readRecord } from '../../keeper/records.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { SeenRecord } from '../../ledger/record-tail.ts';
import type { Run } from '../../ledger/run.ts';
import { type AgentRecord, type ExitRecord, RUN_FILES } from '../../run-records.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { Admission } from './admit-issues.ts';
import { failedBy, lostBy, refusedBy } from './why-not-started.ts';

const POLL_MS = 50;
/** So many records are looked at: more than a dispatcher writes while anybody waits. */
export const MOST_RECORDS = 10_000;
/** Not the last word: an answer is still to come. */
const UNDECIDED: readonly string[] = ['classifying', 'history_unknown'];

/** Newest record of each ledger at a time. */
export type Stand = ReadonlyMap<Site, number>;

/** Tells what was decided about an admission from what an earlier cycle decided. */
export interface Asked {
  /** Before issues were admitted: a run that was created since then is of this admission. */
  readonly before: Stand;
  readonly admitted: Stand;
  /** Numbers of the request: a wait counts if it was decided after it. */
  readonly requests: Stand;
}

/** What became of an issue at a dispatcher: the run that was started, or why none was. */
export type Started = { readonly run: Run } | { readonly error: JitError };

/** Notes where the ledgers stand. */
export async function standOf(workbench: Workbench, sites: readonly Site[]): Promise<Stand> {
  return inEach(workbench, sites, (ledger) => ledger.newestSeq());
}

/** Leaves word that issues have been admitted: a cycle that looks from now on sees them as they are. */
export async function ask(
  workbench: Workbench,
  sites: readonly Site[],
): Promise<Pick<Asked, 'admitted' | 'requests'>> {
  const admitted = await standOf(workbench, sites);
  return { admitted, requests: await inEach(workbench, sites, (ledger) => ledger.ask()) };
}

async function inEach(
  workbench: Workbench,
  sites: readonly Site[],
  work: (ledger: Ledger) => number,
): Promise<Stand> {
  const all = new Map<Site, number>();
  for (const site of sites) {
    const ledger = await workbench.readLedger(site);
    all.set(site, ledger === null ? 0 : work(ledger));
  }
  return all;
}

/**
 * Waits until a dispatcher has started the issues or decided not to.
 * @param isOver asked between looks: time is up, or nobody is there to decide
 */
export async function awaitStarts(
  workbench: Workbench,
  admissions: readonly Admission[],
  { asked, deadline, isOver }: { asked: Asked; deadline: number; isOver: () => boolean },
): Promise<ReadonlyMap<Admission, Started>> {
  const known = new Map<Admission, Started>();
  for (;;) {
    // Asked first: what was decided before the end is seen after it.
    const isLast = uptimeMs() >= deadline || isOver();
    for (const site of new Set(admissions.map((each) => each.site))) {
      const ledger = await workbench.readLedger(site);
      if (ledger === null) continue;
      const records = ledger.recordsAfter(asked.before.get(site) ?? 0, MOST_RECORDS);
      for (const admission of admissions) {
        if (known.has(admission) || admission.site !== site) continue;
        const found = look(ledger, records, { admission, asked });
        if (found !== null) known.set(admission, found);
      }
    }
    if (known.size === admissions.length || isLast) return known;
    await delay(POLL_MS);
  }
}

function look(
  ledger: Ledger,
  all: readonly SeenRecord[],
  { admission: { site, issue }, asked }: { admission: Admission; asked: Asked },
): Started | null {
  const records = all.filter((each) => each.issue === issue.id);
  const created = records.findLast(({ type }) => type === 'created');
  const run = created?.run == null ? null : ledger.find(created.run);
  if (run !== null) {
    const folder = join(site.folder, 'runs', run.run);
    return startOf(run, folder);
  }
  const admitted = asked.admitted.get(site) ?? 0;
  const escalated = records.findLast(({ type, seq }) => type === 'escalating' && seq > admitted);
  if (escalated !== undefined) {
    const escalation = ledger.openEscalations().find((each) => each.issue === issue.id);
    const { reason = 'escalated', detail = '' } = escalation ?? {};
    return { error: refusedBy(issue.id, { action: 'escalate', reason, detail }) };
  }
  if (ledger.answered() < (asked.requests.get(site) ?? 0)) return null;
  const wait = ledger.wait(issue.id);
  if (wait === null || UNDECIDED.includes(wait.reason)) return null;
  return { error: refusedBy(issue.id, { action: 'wait', ...wait }) };
}

function startOf(run: Run, folder: string): Started | null {
  const { issue, state, attempt, reason, detail } = run;
  if (state === 'created') return null;
  if (state === 'lost' && attempt === null)
    return { error: lostBy(issue, { code: reason ?? 'lost', message: detail ?? '' }) };
  if (run.started_at !== null || readRecord<AgentRecord>(join(folder, RUN_FILES.agent)) !== null)
    return { run };
  const exit = readRecord<ExitRecord>(join(folder, RUN_FILES.exit));
  if (exit !== null && exit.started_at === null)
    return { error: failedBy(issue, { run: run.run, reason: exit.reason, detail: exit.message }) };
  if (run.ended_at !== null) return { error: failedBy(issue, run) };
  return null;
}
