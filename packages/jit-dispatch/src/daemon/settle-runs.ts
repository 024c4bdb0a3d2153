import type { Run } from '../ledger/run.ts';
import { backoffSecs } from '../planning/backoff.ts';
import {
  type CallResult,
  type EndedRun,
  type Ending,
  nextSettleStep,
  type SettleAnswer,
  type SettleStep,
} from '../planning/settle.ts';
import type { TrackerAnswer, TrackerCall } from '../tracker/tracker.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { FinishedRun } from './reconcile.ts';

/** A run that was settled, and until when its issue rests. */
export interface SettledRun {
  readonly run: Run;
  readonly restsUntil: Date | null;
}

interface Case {
  readonly run: Run;
  readonly ended: EndedRun;
  readonly answers: SettleAnswer[];
  step: SettleStep;
  restSecs: number | null;
  isPostponed: boolean;
}

/**
 * Settles finished runs: all of them together, one `jit batch` per round. One that the tracker does
 * not answer for now stays as it is and is tried again in the next cycle.
 */
export async function settleRuns(
  dispatcher: Dispatcher,
  finished: readonly FinishedRun[],
): Promise<SettledRun[]> {
  const cases = finished.map((each) => openCase(dispatcher, each));
  for (;;) {
    const open = cases.filter(({ step, isPostponed }) => step.do !== 'end' && !isPostponed);
    if (open.length === 0) break;
    await playRound(dispatcher, open);
  }
  return cases.flatMap((each) =>
    each.step.do === 'end' ? [close(dispatcher, each, each.step.ending)] : [],
  );
}

function openCase(dispatcher: Dispatcher, { run, end }: FinishedRun): Case {
  const attempt = run.attempt ?? 0;
  const ended: EndedRun = {
    attempt,
    completion: run.completion,
    end,
    backoffSecs: backoffSecs(attempt, dispatcher.random()),
  };
  const step = nextSettleStep(ended, []);
  return { run, ended, answers: [], step, restSecs: null, isPostponed: false };
}

async function playRound(dispatcher: Dispatcher, open: readonly Case[]): Promise<void> {
  const { ledger, tracker } = dispatcher;
  for (const { run, step } of open)
    if (step.do !== 'show')
      ledger.record(run.run, { type: 'settling', at: dispatcher.now().toISOString(), data: step });
  dispatcher.step('settling');
  const answers = await tracker.call(open.map(({ run, step }) => toCall(dispatcher, run, step)));
  dispatcher.step('told');
  open.forEach((each, index) => {
    const answer = toSettleAnswer(each.step, answers[index]);
    if (answer === null) {
      each.isPostponed = true;
      sayPostponed(dispatcher, each.run, `not settled yet: ${messageOf(answers[index])}`);
      return;
    }
    if ((each.step.do === 'release' || each.step.do === 'rest') && wasDone(answers[index]))
      each.restSecs = each.step.deferSecs;
    each.answers.push(answer);
    each.step = nextSettleStep(each.ended, each.answers);
  });
}

/** What was last said about postponed runs: the same words are not repeated in every cycle. */
const said = new WeakMap<Dispatcher, Map<string, string>>();

function sayPostponed(dispatcher: Dispatcher, run: Run, message: string): void {
  const words = said.get(dispatcher) ?? new Map<string, string>();
  said.set(dispatcher, words);
  if (words.get(run.run) === message) return;
  words.set(run.run, message);
  const { issue, agent } = run;
  dispatcher.log({ level: 'warn', event: 'postponed', message, issue, agent, run: run.run });
}

function toCall(dispatcher: Dispatcher, run: Run, step: SettleStep): TrackerCall {
  const { issue, token } = run;
  switch (step.do) {
    case 'show':
    case 'end':
      return { do: 'show', issue };
    case 'finish':
      return { do: 'finish', issue, token };
    case 'resume':
      return { do: 'heartbeat', issue, token };
    case 'rest': {
      const until = new Date(dispatcher.now().getTime() + step.deferSecs * 1000);
      return { do: 'defer', issue, until: until.toISOString() };
    }
    case 'release': {
      const { failed, deferSecs, ending } = step;
      const reason = `${ending.reason}: ${ending.detail || ending.state} (run ${run.run})`;
      return { do: 'release', issue, token, reason, failed, deferSecs };
    }
  }
}

/** Only these say that the issue is gone. */
const MISSING: readonly string[] = ['NOT_FOUND', 'DELETED'];
const LOST_CLAIM = 7;

/** The answer as the decision needs it, or null if it has to be asked again later. */
function toSettleAnswer(step: SettleStep, answer: TrackerAnswer | undefined): SettleAnswer | null {
  if (answer === undefined || answer.is === 'unknown') return null;
  if (answer.is === 'refused' && answer.retryable) return null;
  if (step.do === 'show') return shown(answer);
  if (step.do === 'end') return null;
  const result = toResult(answer);
  if (step.do === 'release' || step.do === 'rest')
    return { to: step.do, ending: step.ending, ...result };
  return { to: step.do, ...result };
}

function shown(answer: Exclude<TrackerAnswer, { is: 'unknown' }>): SettleAnswer | null {
  if (answer.is === 'refused') {
    const { code, message } = answer;
    return MISSING.includes(code)
      ? { to: 'show', issue: null }
      : { to: 'show', issue: 'unreadable', code, message };
  }
  const [issue] = answer.issues;
  return issue ? { to: 'show', issue } : null;
}

function toResult(answer: Exclude<TrackerAnswer, { is: 'unknown' }>): CallResult {
  if (answer.is === 'ok') return { result: 'ok', message: '' };
  const { exit, code, message } = answer;
  if (MISSING.includes(code)) return { result: 'missing', message };
  return { result: exit === LOST_CLAIM ? 'lost_claim' : 'refused', message };
}

function wasDone(answer: TrackerAnswer | undefined): boolean {
  return answer?.is === 'ok';
}

function messageOf(answer: TrackerAnswer | undefined): string {
  return answer === undefined || answer.is === 'ok' ? 'no answer' : answer.message;
}

function close(dispatcher: Dispatcher, { run, ended, restSecs }: Case, ending: Ending): SettledRun {
  const { ledger, log } = dispatcher;
  const now = dispatcher.now();
  const { code, signal } = ended.end;
  const exit = dispatcher.host.look(run.run).exit;
  const change = {
    state: ending.state,
    reason: ending.reason,
    detail: ending.detail,
    exit_code: code,
    signal,
    failed: ending.failed,
    started_at: exit?.started_at ?? run.started_at,
    ended_at: exit?.ended_at ?? now.toISOString(),
  };
  ledger.record(run.run, { type: ending.state, at: now.toISOString(), data: change }, change);
  said.get(dispatcher)?.delete(run.run);
  dispatcher.step('settled');
  log({
    level: ending.state === 'completed' || ending.state === 'canceled' ? 'info' : 'warn',
    event: ending.state,
    message: restSecs === null ? ending.detail : `${ending.detail}; next try in ${restSecs} s`,
    issue: run.issue,
    agent: run.agent,
    run: run.run,
    reason: ending.reason,
  });
  const restsUntil = restSecs === null ? null : new Date(now.getTime() + restSecs * 1000);
  return { run: { ...run, ...change }, restsUntil };
}
