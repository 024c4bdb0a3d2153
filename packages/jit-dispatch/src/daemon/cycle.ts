import { join } from 'node:path';
import type { JitError } from '@jit/contract/errors';
import type { Run } from '../ledger/run.ts';
import type { Decision } from '../planning/plan-cycle.ts';
import { asFailure } from './as-failure.ts';
import type { Questions } from './classifying/questions.ts';
import type { Dispatcher } from './dispatcher.ts';
import { escalateSome } from './escalation/escalate-some.ts';
import { keepEscalations } from './escalation/keep-escalations.ts';
import { idsIn, look, onlyIn } from './looking/look.ts';
import { type JointPlan, planTogether, readKnown } from './looking/plan-together.ts';
import { readAdmission } from './looking/read-admission.ts';
import { partOf, roomHere } from './looking/room-here.ts';
import { askClasses } from './looking/told-classes.ts';
import { noteWaits } from './note-waits.ts';
import { keepOrders } from './orders/keep-orders.ts';
import { reloadConfig } from './reload-config.ts';
import { type SettledRun, settleRuns } from './settling/settle-runs.ts';
import { inEach, openSite, type Patience, type SiteCycle, type SiteResult } from './site-cycle.ts';
import { act } from './starting/act.ts';
import { cancelCreated } from './starting/cancel-created.ts';
import { isPaused } from './starting/paused-start.ts';
import { toStart } from './starting/to-start.ts';
import { reconcile } from './watching/reconcile.ts';
import { stopTakenBack } from './watching/stop-taken-back.ts';

/** What one cycle saw, decided and did. */
export interface CycleResult {
  /** For all repositories, in the order in which they were decided. */
  readonly decisions: readonly Decision[];
  /** When the next agent has rested, in milliseconds, or null. */
  readonly wakeAt: number | null;
  /** One for each dispatcher, in their order. */
  readonly sites: readonly SiteResult[];
}

/** How far a cycle goes. */
export interface CycleOptions {
  /** False while stopping: runs are settled, none is started. Asked anew before every step. */
  readonly mayStart: () => boolean;
  readonly maxStarts: number | null;
  /** Keys of the only issues that may be started, or null for all. */
  readonly only?: ReadonlySet<string> | null;
  /** The only repository in which something may be started, or null for all. */
  readonly within?: string | null;
  /** How a program is asked who work is for. */
  readonly questions: Questions;
  /** Told what was decided before it is done. */
  readonly onPlan?: (decisions: readonly Decision[]) => void;
  /** Repositories that failed lately and are not asked now, and how. Their runs count all the same. */
  readonly away?: ReadonlyMap<string, JitError>;
  /** How long repositories are waited for; null: until each has answered or failed. */
  readonly patience?: Patience | null;
}

/**
 * One cycle over all repositories: in each, settle what ended and look at what is ready; one plan for all;
 * act in each. What a tracker, a ledger or a disk refuses fails its own repository only
 * (invariant ONE-FAILS-ALONE); everything that concerns a single issue is settled with that issue.
 */
export async function runCycle(
  dispatchers: readonly Dispatcher[],
  options: CycleOptions,
): Promise<CycleResult> {
  const { mayStart, maxStarts, onPlan, away, patience = null } = options;
  const opened = dispatchers.map((each) => openSite(each, away?.get(each.repository) ?? null));
  const nothing = { decisions: [], wakeAt: null };
  const fresh = await inEach(opened, begin, null);
  const seen = await inEach(fresh, (site) => observe(site, options), patience);
  if (!mayStart() || !seen.some(({ sight }) => sight !== null)) return resultOf(seen, nothing);

  const plan = await planAll(seen, maxStarts);
  if (!mayStart()) return resultOf(seen, nothing);
  onPlan?.(plan.decisions);
  return resultOf(await inEach(seen, (site) => actIn(site, plan, options), patience), plan);
}

/** Takes up what changed in the configuration; whoever asked before that is answered by this cycle. */
async function begin(site: SiteCycle): Promise<void> {
  if (site.sight === null) site.asked = site.dispatcher.ledger.asked();
  await reloadConfig(site.dispatcher);
}

/** Settles what ended in one repository, and looks at what is to be done there. */
async function observe(
  site: SiteCycle,
  { mayStart, only: keys = null, within = null, questions }: CycleOptions,
): Promise<void> {
  // Looked at by a cycle that did not wait for it.
  if (site.sight !== null) return;
  const { dispatcher } = site;
  const { config, ledger, repository, isRetired = false } = dispatcher;
  const { created, finished } = await reconcile(dispatcher);
  site.settled.push(...(await settleRuns(dispatcher, finished, mayStart)));
  await keepOrders(dispatcher);
  const isConfigured = (run: Run) => config.agents.some(({ id }) => id === run.agent);
  const mayGoOn = (run: Run) => isConfigured(run) && !isPaused(dispatcher, run);
  site.leftovers = mayStart() && !isRetired ? created.filter(mayGoOn) : [];
  const dropped = created.filter((run) => !site.leftovers.includes(run));
  site.settled.push(...unstarted(await cancelCreated(dispatcher, dropped)));
  if (!mayStart() || isRetired) return;

  await keepEscalations(dispatcher);
  const runs = ledger.liveRuns();
  const only = onlyIn(within, repository, keys);
  const seen = await look(dispatcher, { config, now: dispatcher.now(), only });
  const sight = { ...seen, told: await askClasses(dispatcher, seen.ready, questions) };
  await stopTakenBack(dispatcher, runs, sight.held);
  site.sight = sight;
  site.ready = sight.ready.length;
}

async function planAll(sites: readonly SiteCycle[], maxStarts: number | null): Promise<JointPlan> {
  const [first] = sites;
  if (first === undefined) throw new Error('a cycle without a repository');
  const { config } = first.dispatcher;
  const now = first.dispatcher.now();
  const known = sites.flatMap((site) => {
    try {
      return [readKnown(site.dispatcher, config, now)];
    } catch (error) {
      // What it runs is not known; the others are planned without it.
      site.failure ??= asFailure(site.dispatcher, error);
      return [];
    }
  });
  const sights = sites.flatMap(({ sight, failure }) => (failure === null && sight ? [sight] : []));
  const noRoom = await readAdmission(config.admission, join(config.folder, '.jit-dispatch'));
  return planTogether(sights, { config, now, known, noRoom, maxStarts });
}

/** Does in one repository what was decided for it. */
async function actIn(
  site: SiteCycle,
  plan: JointPlan,
  { mayStart, only = null, within = null }: CycleOptions,
): Promise<void> {
  if (site.sight === null) return;
  site.sight = null;
  const { dispatcher, leftovers } = site;
  const { repository } = dispatcher;
  const decisions = partOf(repository, plan.decisions);
  const ids = idsIn(repository, onlyIn(within, repository, only));
  noteWaits(dispatcher, decisions, { only: ids, asked: site.asked });
  const starts = decisions.flatMap((each) => (each.action === 'start' ? [toStart(each)] : []));
  const maxHeld = roomHere(repository, plan);
  const { canceled, ...acted } = await act(dispatcher, { starts, leftovers, mayStart, maxHeld });
  site.started.push(...acted.started);
  site.lost.push(...acted.lost);
  site.settled.push(...unstarted(canceled));
  await escalateSome(dispatcher, decisions);
}

function resultOf(
  sites: readonly SiteCycle[],
  { decisions, wakeAt }: Pick<CycleResult, 'decisions' | 'wakeAt'>,
): CycleResult {
  return {
    decisions,
    wakeAt,
    sites: sites.map(({ sight: _, leftovers: __, asked: ___, ...site }) => site),
  };
}

function unstarted(canceled: readonly Run[]): SettledRun[] {
  return canceled.map((run) => ({ run, restsUntil: null }));
}
