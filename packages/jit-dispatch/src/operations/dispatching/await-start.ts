import { join } from 'node:path';
import type { JitError } from '@jit/contract/errors';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import { readRecord } from '../../keeper/records.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { SeenRecord } from '../../ledger/record-tail.ts';
import type { Run } from '../../ledger/run.ts';
import { type AgentRecord, type ExitRecord, RUN_FILES } from '../../run-records.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { Admission } from './admit-issues.ts';
import { failedBy, lostBy, refusedBy } from './why-not-started.ts';

const POLL_MS = 50;
/** So many records are looked at: more than a dispatcher writes while anybody waits. */
const MOST = 10_000;
/**
 * Not the last word: an answer is still to come, or a cycle that looked before the labels were off wrote it
 * afterwards.
 */
const UNDECIDED: readonly string[] = ['classifying', 'history_unknown', 'escalated', 'held'];

/** Where the ledgers stood before issues were admitted: what comes after is about this admission. */
export interface Before {
  /** Newest record by site. */
  readonly seqs: ReadonlyMap<Admission['site'], number>;
}

/** What became of an issue at a dispatcher: the run that was started, or why none was. */
export type Started = { readonly run: Run } | { readonly error: JitError };

/**
 * Notes where the ledgers stand, and forgets why these issues waited: whoever waits for what becomes of
 * them sees only what is decided from now on.
 */
export async function standBefore(
  workbench: Workbench,
  admissions: readonly Admission[],
): Promise<Before> {
  const seqs = new Map<Admission['site'], number>();
  for (const site of new Set(admissions.map((each) => each.site))) {
    const ledger = await workbench.readLedger(site);
    const own = admissions.filter((each) => each.site === site).map(({ issue }) => issue.id);
    ledger?.keepWaits([], workbench.now().toISOString(), new Set(own));
    seqs.set(site, ledger?.newestSeq() ?? 0);
  }
  return { seqs };
}

/**
 * Waits until a dispatcher has started the issues or decided not to.
 * @param isOver asked between looks: time is up, or nobody is there to decide
 */
export async function awaitStarts(
  workbench: Workbench,
  admissions: readonly Admission[],
  { before, deadline, isOver }: { before: Before; deadline: number; isOver: () => boolean },
): Promise<ReadonlyMap<Admission, Started>> {
  const known = new Map<Admission, Started>();
  for (;;) {
    // Asked first: what was decided before the end is seen after it.
    const isLast = uptimeMs() >= deadline || isOver();
    for (const site of new Set(admissions.map((each) => each.site))) {
      const ledger = await workbench.readLedger(site);
      if (ledger === null) continue;
      const records = ledger.recordsAfter(before.seqs.get(site) ?? 0, MOST);
      for (const admission of admissions) {
        if (known.has(admission) || admission.site !== site) continue;
        const found = look(ledger, records, admission);
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
  { site, issue }: Admission,
): Started | null {
  const records = all.filter((each) => each.issue === issue.id);
  const created = records.findLast(({ type }) => type === 'created');
  const run = created?.run == null ? null : ledger.find(created.run);
  if (run !== null) {
    const folder = join(site.folder, 'runs', run.run);
    return startOf(run, folder);
  }
  const escalated = records.findLast(({ type }) => type === 'escalating');
  if (escalated !== undefined) {
    const escalation = ledger.openEscalations().find((each) => each.issue === issue.id);
    const { reason = 'escalated', detail = '' } = escalation ?? {};
    return { error: refusedBy(issue.id, { action: 'escalate', reason, detail }) };
  }
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
