import { JitError } from '@jit/contract/errors';
import type { CycleOutput, DispatchedOutput } from '@jit/contract/outputs/dispatch';
import type { RunState } from '@jit/contract/vocabulary';
import { uptimeMs } from '../../keeper/clock.ts';
import type { Run } from '../../ledger/run.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { FoundIssue } from '../finding/find-issues.ts';
import { daemonOf } from '../lifecycle/daemon-of.ts';
import { whoAmI } from '../orders/who-am-i.ts';
import { type Admission, admitIssues } from './admit-issues.ts';
import { type Asked, ask, awaitStarts, type Started, standOf } from './await-start.ts';
import { begunSince } from './begun-since.ts';
import { type Placed, placeRequests } from './place-requests.ts';
import { refusedIn, undecided } from './why-not-started.ts';

/** How issues are dispatched. */
export interface DispatchTerms {
  /** All of them are admitted or none; else each that can be. */
  readonly isTogether: boolean;
  /** How long a running dispatcher is waited for; 0: it is left to it. */
  readonly waitSecs: number;
  /** How long another command of this name is waited for. */
  readonly lockTimeoutMs: number;
  /** Tells a dispatcher of this process that there is something to do. */
  readonly wake?: (() => void) | undefined;
}

/** What became of one request. */
export interface Outcome {
  readonly request: unknown;
  /** Null: it was not found, or the request makes no sense. */
  readonly found: FoundIssue | null;
  readonly result:
    | {
        readonly is: 'started';
        readonly run: string;
        readonly agent: string;
        readonly state: RunState;
        readonly at: string;
      }
    /** It is admitted, and rests until its time. */
    | { readonly is: 'deferred'; readonly at: string }
    /** It is admitted, and the running dispatcher has it now. */
    | { readonly is: 'left' }
    /** Refused before anything was changed, or admitted and not started now. */
    | { readonly is: 'refused' | 'waits'; readonly error: JitError };
}

/** What became of all requests. */
export interface Dispatched {
  readonly outcomes: readonly Outcome[];
  readonly leftTo: DispatchedOutput['left_to'];
  readonly cycle: CycleOutput | null;
}

/**
 * Has issues worked on by a person's word: they are admitted, with what was wished for, and started by a
 * running dispatcher of this name; where there is none, by one cycle that starts these only.
 * @throws JitError TRACKER_… (10), DISPATCHER_RUNNING (75); with `isTogether` whatever refuses one of them before it is admitted
 */
export async function dispatchIssues(
  workbench: Workbench,
  requests: readonly unknown[],
  terms: DispatchTerms,
): Promise<Dispatched> {
  const came = await standOf(workbench, workbench.sites);
  const placed = await placeRequests(workbench, requests, came);
  const refusal = placed.find((each) => each.error !== null);
  if (terms.isTogether && refusal?.error) throw refusal.error;
  const open = placed.filter(({ begun }) => begun === null);
  const admissions = [...new Set(open.flatMap(({ admission }) => admission ?? []))];
  const sites = [...new Set(admissions.map(({ site }) => site))];
  const before = await standOf(workbench, sites);
  const begunAs = (each: Admission) => begunSince(workbench, each, came);
  const { isTogether } = terms;
  const by = whoAmI(workbench.setup.environment);
  const { done, refused, ...taken } = await admitIssues(admissions, { isTogether, by, begunAs });
  const asked = { before, ...(await ask(workbench, terms.waitSecs > 0 ? sites : [])) };
  terms.wake?.();
  const due = done.filter(({ request }) => request.notBefore === null);
  const begun = await begin(workbench, due, { asked, begunAs, ...terms });
  const outcomeOf = (each: Placed): Outcome['result'] => {
    const { admission } = each;
    const run = each.begun ?? (admission && taken.begun.get(admission));
    if (run) return startedAs(run);
    const error = each.error ?? (admission && refused.get(admission));
    if (error) return { is: 'refused', error };
    const at = admission?.request.notBefore ?? null;
    if (at !== null) return { is: 'deferred', at };
    return (admission && begun.results.get(admission)) ?? { is: 'left' };
  };
  return {
    outcomes: placed.map((each) => ({
      request: each.asked,
      found: each.admission,
      result: outcomeOf(each),
    })),
    leftTo: begun.leftTo,
    cycle: begun.cycle,
  };
}

interface Begun {
  readonly results: ReadonlyMap<Admission, Outcome['result']>;
  readonly leftTo: DispatchedOutput['left_to'];
  readonly cycle: CycleOutput | null;
}

interface BeginTerms extends DispatchTerms {
  readonly asked: Asked;
  readonly begunAs: (admission: Admission) => Promise<Run | null>;
}

async function begin(
  workbench: Workbench,
  due: readonly Admission[],
  terms: BeginTerms,
): Promise<Begun> {
  if (due.length === 0) return { results: new Map(), leftTo: null, cycle: null };
  const deadline = uptimeMs() + terms.waitSecs * 1000;
  for (;;) {
    const daemon = daemonOf(workbench);
    if (daemon === null) {
      const cycle = await cycleHere(workbench, due, terms);
      // One that was started in this moment has them too.
      if (cycle !== null)
        return { results: await ofCycle(cycle, due, terms.begunAs), leftTo: null, cycle };
    } else {
      const isGone = (): boolean => daemonOf(workbench) === null;
      const known =
        terms.waitSecs === 0
          ? new Map<Admission, Started>()
          : await awaitStarts(workbench, due, { ...terms, deadline, isOver: isGone });
      if (known.size === due.length || terms.waitSecs === 0 || !isGone() || uptimeMs() >= deadline)
        return { results: ofDaemon(known, due, terms), leftTo: daemon, cycle: null };
    }
  }
}

/** One cycle that starts these issues only; null where a dispatcher has been started meanwhile. */
async function cycleHere(
  workbench: Workbench,
  due: readonly Admission[],
  { lockTimeoutMs }: BeginTerms,
): Promise<CycleOutput | null> {
  const { cycleOnce } = await import('./cycle-once.ts');
  try {
    const only = new Set(due.map(({ key }) => key));
    return await cycleOnce(workbench, { maxStarts: null, only, lockTimeoutMs });
  } catch (error) {
    const isRunning = error instanceof JitError && error.code === 'DISPATCHER_RUNNING';
    if (isRunning && daemonOf(workbench) !== null) return null;
    throw error;
  }
}

async function ofCycle(
  cycle: CycleOutput,
  due: readonly Admission[],
  begunAs: BeginTerms['begunAs'],
): Promise<Begun['results']> {
  const results = new Map<Admission, Outcome['result']>();
  for (const admission of due) {
    const about = { issue: admission.issue.id, repository: admission.site.repository };
    const error = refusedIn(cycle, about);
    const run = cycle.started.find(
      (each) => each.issue === about.issue && (each.repository ?? '') === about.repository,
    );
    // Another process had the lock before this one.
    const other = error?.code === 'ALREADY_DISPATCHED' ? await begunAs(admission) : null;
    if (other !== null) results.set(admission, startedAs(other));
    else if (run === undefined || error !== null)
      results.set(admission, { is: 'waits', error: error ?? undecided(about.issue, 'no run') });
    else results.set(admission, startedAs(run));
  }
  return results;
}

function startedAs({
  run,
  agent,
  state,
  started_at,
  created_at,
}: Pick<Run, 'run' | 'agent' | 'state' | 'started_at' | 'created_at'>): Outcome['result'] {
  return { is: 'started', run, agent, state, at: started_at ?? created_at };
}

function ofDaemon(
  known: ReadonlyMap<Admission, Started>,
  due: readonly Admission[],
  { waitSecs }: BeginTerms,
): Begun['results'] {
  return new Map(
    due.map((admission): [Admission, Outcome['result']] => {
      const started = known.get(admission);
      if (started === undefined && waitSecs === 0) return [admission, { is: 'left' }];
      if (started === undefined) {
        const error = undecided(admission.issue.id, `nothing was decided within ${waitSecs} s`);
        return [admission, { is: 'waits', error }];
      }
      if ('error' in started) return [admission, { is: 'waits', error: started.error }];
      return [admission, startedAs(started.run)];
    }),
  );
}
