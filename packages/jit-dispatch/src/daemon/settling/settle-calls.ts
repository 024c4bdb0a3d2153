import type { Run } from '../../ledger/run.ts';
import type { CallResult, SettleAnswer, SettleStep } from '../../planning/settle.ts';
import { readAdditions, readDependencies } from '../../tracker/read-past.ts';
import type { TrackerAnswer, TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { releaseMark, viewOf } from './issue-view.ts';

/** What the tracker is asked for a step. */
export function toCall(dispatcher: Dispatcher, run: Run, step: SettleStep): TrackerCall {
  const { now } = dispatcher;
  const { issue, token } = run;
  switch (step.do) {
    case 'show':
    case 'end':
    case 'gates':
    case 'escalate':
      return { do: 'show', issue };
    case 'finish':
      return { do: 'finish', issue, token };
    case 'parts':
      return { do: 'dependencies', issue };
    case 'added':
      return { do: 'additions', issue };
    case 'hold':
      return { do: 'hold', issue };
    case 'resume':
      return { do: 'heartbeat', issue, token, ...leaseOf(dispatcher, run) };
    case 'rest': {
      const until = new Date(now().getTime() + step.deferSecs * 1000);
      return { do: 'defer', issue, until: until.toISOString() };
    }
    case 'release': {
      const { failed, deferSecs, ending } = step;
      const reason = `${ending.reason}: ${ending.detail || ending.state} ${releaseMark(run.run)}`;
      return { do: 'release', issue, token, reason, failed, deferSecs };
    }
  }
}

/** A claim that had no lease gets one: from now on this dispatcher looks after it. */
function leaseOf({ host, place }: Dispatcher, { run }: Run): { readonly ttlSecs?: number } {
  return host.spec(run)?.ttl_secs === null ? { ttlSecs: place.leaseSecs } : {};
}

/** Only these say that the issue is gone. */
const MISSING: readonly string[] = ['NOT_FOUND', 'DELETED'];
const LOST_CLAIM = 7;
/** A dependency in one of these holds nobody back. */
const FINISHED: readonly string[] = ['done', 'rejected', 'archived'];

/** The answer as the decision needs it, or null if it has to be asked again later. */
export function toSettleAnswer(
  run: Run,
  step: SettleStep,
  answer: TrackerAnswer | undefined,
): SettleAnswer | null {
  if (answer === undefined || answer.is === 'unknown') return null;
  if (answer.is === 'refused' && answer.retryable) return null;
  if (step.do === 'show') return shown(answer, run.run);
  if (step.do === 'added') return { to: 'added', parts: readAdditions(answer, run.attempt) };
  if (step.do === 'parts')
    return {
      to: 'parts',
      unfinished: readDependencies(answer).flatMap(({ depends_on, state }) =>
        FINISHED.includes(state) ? [] : [depends_on],
      ),
    };
  if (step.do === 'end' || step.do === 'gates' || step.do === 'escalate') return null;
  const result = toResult(answer);
  if (step.do === 'release' || step.do === 'rest')
    return { to: step.do, ending: step.ending, ...result };
  return { to: step.do, ...result };
}

function shown(
  answer: Exclude<TrackerAnswer, { is: 'unknown' }>,
  run: string,
): SettleAnswer | null {
  if (answer.is === 'refused') {
    const { code, message } = answer;
    return MISSING.includes(code)
      ? { to: 'show', issue: null }
      : { to: 'show', issue: 'unreadable', code, message };
  }
  const [issue] = answer.issues;
  return issue ? { to: 'show', issue: viewOf(issue, run) } : null;
}

function toResult(answer: Exclude<TrackerAnswer, { is: 'unknown' }>): CallResult {
  if (answer.is === 'ok') return { result: 'ok', message: '' };
  const { exit, code, message } = answer;
  if (MISSING.includes(code)) return { result: 'missing', message };
  return { result: exit === LOST_CLAIM ? 'lost_claim' : 'refused', message };
}
