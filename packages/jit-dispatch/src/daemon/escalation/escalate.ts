import { JitError } from '@jit/contract/errors';
import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import { trackerKindOf } from '../../config/tracker-kind.ts';
import type { Escalation } from '../../ledger/escalations.ts';
import type { TrackerAnswer, TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { tellPeople } from './tell-people.ts';

/** An issue that a person has to look at. */
export interface EscalationOrder {
  readonly issue: string;
  readonly title: string;
  /** A stable word. */
  readonly reason: string;
  /** What was tried how often, by whom, and what came of it. */
  readonly detail: string;
  /** Only while it is so: a plan for a ready issue is void when another dispatcher has started it. Default: unfinished. */
  readonly state?: 'ready' | 'unfinished';
  /** Values of its metadata to write with the label. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Asks a person to look: puts the label on together with a comment, in one write that one dispatcher
 * alone can make (invariant ESCALATED-ONCE), then tells the hook. Journalled first and to be repeated after a crash: the comment
 * names the escalation, so that a dispatcher knows whether it was the one.
 * @returns true once the label is on the issue, by whomever, or a person took it off already; false if the tracker did not answer or the
 * issue is in another state: it is to be tried again in the next cycle, if it is still wanted
 */
export async function escalate(dispatcher: Dispatcher, order: EscalationOrder): Promise<boolean> {
  const { ledger, tracker } = dispatcher;
  const begun = ledger
    .openEscalations()
    .find(({ issue, escalated_at }) => issue === order.issue && escalated_at === null);
  if (begun !== undefined) {
    const outcome = await resumeEscalation(dispatcher, begun);
    if (outcome !== 'not_yet') return outcome !== 'over';
  }
  const escalation = begun ?? begin(dispatcher, order);
  const answers = await ask(() => tracker.callTogether(callsOf(dispatcher, escalation, order)));
  dispatcher.step('escalation_told');
  if (answers?.every(({ is }) => is === 'ok')) {
    tellPeople(dispatcher, noteDone(dispatcher, escalation));
    return true;
  }
  if (answers === null || !isDecided(answers)) {
    sayPostponed(dispatcher, order, answers);
    return false;
  }
  const outcome = await resumeEscalation(dispatcher, escalation);
  if (outcome === 'not_yet') sayPostponed(dispatcher, order, answers);
  return outcome === 'label_on' || outcome === 'answered';
}

function begin({ ledger, now, newRunId, step }: Dispatcher, order: EscalationOrder): Escalation {
  const { issue, title, reason, detail } = order;
  const fresh = { id: newRunId(), issue, title, reason, detail, created_at: now().toISOString() };
  ledger.beginEscalation(fresh);
  step('escalating');
  return { ...fresh, escalated_at: null, told: 0, told_at: null, ended_at: null };
}

function callsOf(
  { name, config, repository }: Dispatcher,
  escalation: Escalation,
  { state = 'unfinished', metadata = {} }: EscalationOrder,
): TrackerCall[] {
  const { id, issue, reason, detail } = escalation;
  const isOfJit = trackerKindOf(config, repository) === 'jit';
  const log = isOfJit ? `jit events query --issue ${issue}` : `jit-dispatch history ${issue}`;
  const text = [
    `Dispatcher ${name} asks a person to look (${reason}): ${detail}.`,
    '',
    `Agents leave the issue alone while it has the label ${ESCALATED_LABEL}. See what went wrong ` +
      `(\`${log}\`, \`jit-dispatch runs --issue ${issue}\`), change the issue, ` +
      `an agent or the configuration, and then take the label off or run \`jit-dispatch dispatch ${issue}\`: ` +
      'counting starts anew. Or finish it by hand, or reject it.',
    '',
    markOf(id),
  ].join('\n');
  return [
    { do: 'escalate', issue, state, metadata },
    { do: 'comment', issue, text },
  ];
}

function markOf(id: string): string {
  return `(escalation ${id})`;
}

/** The tracker looked at it and said no: the label is on, or the work is over, or the issue is gone. */
function isDecided(answers: readonly TrackerAnswer[]): boolean {
  const [first] = answers;
  return first?.is === 'refused' && !first.retryable;
}

/** The tracker's answers, or null if it could not be asked: one issue does not stop the cycle. */
async function ask(
  call: () => Promise<readonly TrackerAnswer[]>,
): Promise<readonly TrackerAnswer[] | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    return null;
  }
}

const MISSING: readonly string[] = ['NOT_FOUND', 'DELETED'];

/**
 * Looks what became of an escalation that was begun: `label_on`, by us (then the rest is done) or by
 * somebody else (then nothing is left to do); `answered`: a person took it off; `over`: the issue is
 * finished or gone; `not_yet`.
 */
export async function resumeEscalation(
  dispatcher: Dispatcher,
  escalation: Escalation,
): Promise<'label_on' | 'answered' | 'over' | 'not_yet'> {
  const { tracker } = dispatcher;
  const { id, issue } = escalation;
  const [shown, comments] =
    (await ask(() =>
      tracker.call([
        { do: 'show', issue },
        { do: 'comments', issue },
      ]),
    )) ?? [];
  if (shown?.is === 'refused' && MISSING.includes(shown.code)) {
    end(dispatcher, escalation);
    return 'over';
  }
  if (shown?.is !== 'ok' || comments?.is !== 'ok') return 'not_yet';
  const [found] = shown.issues;
  const hasLabel = found?.labels.includes(ESCALATED_LABEL) ?? false;
  if (comments.events?.some(({ text }) => text?.includes(markOf(id)) ?? false)) {
    const done = noteDone(dispatcher, escalation);
    if (hasLabel) tellPeople(dispatcher, done);
    else end(dispatcher, done);
    return hasLabel ? 'label_on' : 'answered';
  }
  const isOver = found !== undefined && ['done', 'rejected', 'archived'].includes(found.state);
  if (!hasLabel && !isOver) return 'not_yet';
  end(dispatcher, escalation);
  return isOver ? 'over' : 'label_on';
}

/** The tracker has it, by us. Older escalations of the issue are answered by this one. */
function noteDone(dispatcher: Dispatcher, escalation: Escalation): Escalation {
  const { ledger, log, now, step } = dispatcher;
  const at = now().toISOString();
  for (const older of ledger.openEscalations())
    if (older.issue === escalation.issue && older.id !== escalation.id) end(dispatcher, older);
  ledger.recordEscalation(escalation.id, { type: 'escalated', at }, { escalated_at: at });
  step('escalated');
  const { issue, reason, detail } = escalation;
  postponed.get(dispatcher)?.delete(issue);
  log({ level: 'warn', event: 'escalated', message: detail, issue, reason });
  return { ...escalation, escalated_at: at };
}

function end({ ledger, now }: Dispatcher, { id }: Escalation): void {
  ledger.changeEscalation(id, { ended_at: now().toISOString() });
}

/** What was last said about escalations that did not come about, and how often that was so. */
const postponed = new WeakMap<Dispatcher, Map<string, { message: string; count: number }>>();

/** How often in a row an issue could not be escalated by this process. */
export function timesPostponed(dispatcher: Dispatcher, issue: string): number {
  return postponed.get(dispatcher)?.get(issue)?.count ?? 0;
}

/** The same words are not repeated in every cycle. */
function sayPostponed(
  dispatcher: Dispatcher,
  { issue, reason }: EscalationOrder,
  answers: readonly TrackerAnswer[] | null,
): void {
  const refused = answers?.find((each) => each.is !== 'ok');
  const why = refused === undefined ? 'the tracker could not be asked' : refused.message;
  const message = `not escalated yet: ${why}`;
  const all = postponed.get(dispatcher) ?? new Map();
  postponed.set(dispatcher, all);
  const last = all.get(issue);
  all.set(issue, { message, count: (last?.count ?? 0) + 1 });
  if (last?.message !== message)
    dispatcher.log({ level: 'warn', event: 'postponed', message, issue, reason });
}
