import type { NewPull } from '../../ledger/pulls.ts';
import type { Run } from '../../ledger/run.ts';
import { backoffSecs } from '../../planning/backoff.ts';
import { classify } from '../../planning/classify.ts';
import { KEEPER_DIED } from '../../planning/judge-run.ts';
import type { EndedRun, Ending, RunEnd, SettleAnswer, SettleStep } from '../../planning/settle.ts';
import { rulesOf } from '../../runners/agent-rules.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { TrackerAnswer } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { escalate } from '../escalation/escalate.ts';
import { type NextStep, stepsFor } from '../orders/ordered-step.ts';
import { pullToOpen } from '../pulls/pull-to-open.ts';
import { forgetPostponed, sayPostponed } from '../say-postponed.ts';
import { forgetStopping } from '../watching/note-stopping.ts';
import type { FinishedRun } from '../watching/reconcile.ts';
import { noteSettling } from './note-settling.ts';
import { pauseAccount } from './pause-account.ts';
import { toCall, toSettleAnswer } from './settle-calls.ts';
import { countTries, gatesEnd, startGates } from './start-gates.ts';
import { whyNotPrepared } from './why-not-prepared.ts';

/** A run that was settled, and until when its issue rests. */
export interface SettledRun {
  readonly run: Run;
  readonly restsUntil: Date | null;
}

interface Case {
  readonly run: Run;
  readonly ended: EndedRun;
  /** The end of what its agent printed, where that says something. */
  readonly output: string;
  readonly answers: SettleAnswer[];
  readonly next: NextStep;
  step: SettleStep;
  restSecs: number | null;
  /** Uptime at which the lease was renewed here. */
  leasedAtMs: number;
  /** Nothing more is done for it in this cycle. */
  isLeft: boolean;
  /** Its account rests already. */
  isPaused: boolean;
}

/** So much of the output's end tells why an agent failed. */
const TAIL_BYTES = 4096;

/**
 * Settles finished runs: all of them together, one `jit batch` per round. One that the tracker does
 * not answer for now stays as it is and is tried again in the next cycle; one whose exit gates are to
 * run stays live until they have, and they are begun only while `mayStart`.
 */
export async function settleRuns(
  dispatcher: Dispatcher,
  finished: readonly FinishedRun[],
  mayStart: () => boolean,
): Promise<SettledRun[]> {
  const cases = finished.map((each) => openCase(dispatcher, each));
  for (;;) {
    const open = cases.filter(({ step, isLeft }) => step.do !== 'end' && !isLeft);
    if (open.length === 0) break;
    const toGate = open.filter(({ step }) => step.do === 'gates');
    for (const each of toGate) runGates(dispatcher, each, mayStart);
    const toTell = open.filter(({ step }) => step.do === 'escalate');
    for (const each of toTell) await askPeople(dispatcher, each);
    const toAsk = open.filter((each) => !toGate.includes(each) && !toTell.includes(each));
    if (toAsk.length > 0) await playRound(dispatcher, toAsk);
  }
  const ends: CaseEnd[] = [];
  for (const each of cases)
    if (each.step.do === 'end') {
      const { ending } = each.step;
      ends.push({ each, ending, pull: await pullToOpen(dispatcher, each.run, ending) });
    }
  return closeAll(dispatcher, ends);
}

function openCase(dispatcher: Dispatcher, { run, end }: FinishedRun): Case {
  const { config, host } = dispatcher;
  const hasGates = run.gate_tries > 0;
  const agentEnd: RunEnd = hasGates ? (host.look(run.run).exit ?? KEEPER_DIED) : end;
  const rules = rulesOf(host.folder(run.run), run.agent, config.agents);
  const hasFailed = agentEnd.reason === 'exited' && agentEnd.code !== 0;
  const output = hasFailed ? host.outputTail(run.run, TAIL_BYTES) : '';
  const ended: EndedRun = {
    attempt: run.attempt ?? 0,
    completion: run.completion,
    end: agentEnd,
    failure:
      whyNotPrepared(dispatcher, run, agentEnd) ??
      classify(agentEnd, {
        output,
        rateLimitExit: rules.rateLimitExit,
        rateLimitPattern: rules.rateLimitPattern,
        verdict: host.verdict(run.run),
      }),
    backoffSecs: backoffSecs(run.failures + 1, config.retry, dispatcher.random()),
    gates: {
      areRun: config.qa.gates,
      count: countTries(dispatcher, run),
      end: hasGates ? gatesEnd(dispatcher, run, end) : null,
    },
  };
  const next = stepsFor(dispatcher, run, ended);
  return {
    run,
    ended,
    output,
    answers: [],
    next,
    step: next([]),
    restSecs: null,
    leasedAtMs: 0,
    isLeft: false,
    isPaused: false,
  };
}

/** Runs whose exit gates are left to the next start, because this dispatcher is stopping. */
const parked = new WeakMap<Dispatcher, Set<string>>();

/** Whether there is nothing more to do for a run before the next start. */
export function isParked(dispatcher: Dispatcher, { run }: Run): boolean {
  return parked.get(dispatcher)?.has(run) ?? false;
}

/** Begins the exit gates; the run waits for them. */
function runGates(dispatcher: Dispatcher, each: Case, mayStart: () => boolean): void {
  const { run, leasedAtMs } = each;
  each.isLeft = true;
  if (mayStart()) {
    startGates(dispatcher, run, leasedAtMs);
    return;
  }
  const waiting = parked.get(dispatcher) ?? new Set<string>();
  parked.set(dispatcher, waiting.add(run.run));
  noteSettling(dispatcher, run, { do: 'wait for the next start' }, { state: 'idle' });
  sayPostponed(dispatcher, run, 'its exit gates are run after the next start');
}

/** Before the claim ends: nobody may find the issue free and not marked. */
async function askPeople(dispatcher: Dispatcher, each: Case): Promise<void> {
  const { run, step } = each;
  if (step.do !== 'escalate') return;
  const { reason, detail } = step;
  noteSettling(dispatcher, run, step);
  if (await escalate(dispatcher, { issue: run.issue, title: run.title, reason, detail })) {
    each.answers.push({ to: 'escalate' });
    each.step = each.next(each.answers);
    return;
  }
  each.isLeft = true;
  sayPostponed(dispatcher, run, 'not settled yet: nobody could be asked to look');
}

async function playRound(dispatcher: Dispatcher, open: readonly Case[]): Promise<void> {
  const { tracker, ledger } = dispatcher;
  ledger.together(() => {
    for (const each of open) {
      const { run, step } = each;
      if (step.do === 'show' || step.do === 'parts' || step.do === 'added') continue;
      noteSettling(dispatcher, run, step);
    }
  });
  for (const each of open)
    if ('ending' in each.step) noteRateLimit(dispatcher, each, each.step.ending);
  dispatcher.step('settling');
  const askedAtMs = dispatcher.uptimeMs();
  const answers = await tracker.call(open.map(({ run, step }) => toCall(dispatcher, run, step)));
  dispatcher.step('told');
  open.forEach((each, index) => {
    const answer = toSettleAnswer(each.run, each.step, answers[index]);
    if (answer === null) {
      each.isLeft = true;
      sayPostponed(dispatcher, each.run, `not settled yet: ${messageOf(answers[index])}`);
      return;
    }
    if ((each.step.do === 'release' || each.step.do === 'rest') && answers[index]?.is === 'ok')
      each.restSecs = each.step.deferSecs;
    if (each.step.do === 'resume') each.leasedAtMs = askedAtMs;
    each.answers.push(answer);
    each.step = each.next(each.answers);
    // Told already, by the agent: there is no other step before which it could be noted.
    if (each.step.do === 'end') noteRateLimit(dispatcher, each, each.step.ending);
  });
}

function noteRateLimit(dispatcher: Dispatcher, each: Case, ending: Ending): void {
  if (ending.failed !== 'rate_limit' || each.isPaused) return;
  each.isPaused = true;
  pauseAccount(dispatcher, each.run, { output: each.output, reason: ending.detail });
}

function messageOf(answer: TrackerAnswer | undefined): string {
  return answer === undefined || answer.is === 'ok' ? 'no answer' : answer.message;
}

/** A case that is over, and what came of it. */
interface CaseEnd {
  readonly each: Case;
  readonly ending: Ending;
  readonly pull: NewPull | null;
}

function closeAll(dispatcher: Dispatcher, ends: readonly CaseEnd[]): SettledRun[] {
  if (ends.length === 0) return [];
  const { ledger } = dispatcher;
  const now = dispatcher.now();
  const changes = ends.map((end) => ({ ...end, change: changeAt(dispatcher, end, now) }));
  ledger.together(() => {
    for (const { each, pull, change } of changes) {
      const entry = { type: change.state, at: now.toISOString(), data: change };
      if (pull === null) ledger.record(each.run.run, entry, change);
      else ledger.recordEnd(each.run.run, entry, change, pull);
    }
  });
  if (ends.some(({ pull }) => pull !== null)) dispatcher.step('pull_queued');
  dispatcher.step('settled');
  return changes.map(({ each, ending, change }) => {
    const { run, restSecs } = each;
    forgetPostponed(dispatcher, run);
    forgetStopping(dispatcher, run.run);
    sayEnd(dispatcher, each, ending);
    const restsUntil = restSecs === null ? null : new Date(now.getTime() + restSecs * 1000);
    return { run: { ...run, ...change }, restsUntil };
  });
}

function changeAt({ host }: Dispatcher, { each: { run, ended }, ending }: CaseEnd, now: Date) {
  const phase = phaseOf(run);
  const own = host.look(run.run).exit;
  const last = phase === run.run ? own : host.look(phase).exit;
  return {
    state: ending.state,
    reason: ending.reason,
    detail: ending.detail,
    exit_code: ended.end.code,
    signal: ended.end.signal,
    failed: ending.failed,
    started_at: own?.started_at ?? run.started_at,
    ended_at: last?.ended_at ?? now.toISOString(),
  };
}

function sayEnd({ log }: Dispatcher, { run, restSecs }: Case, ending: Ending): void {
  log({
    level: ending.state === 'completed' || ending.state === 'canceled' ? 'info' : 'warn',
    event: ending.state,
    message: restSecs === null ? ending.detail : `${ending.detail}; next try in ${restSecs} s`,
    issue: run.issue,
    agent: run.agent,
    run: run.run,
    reason: ending.reason,
  });
}
