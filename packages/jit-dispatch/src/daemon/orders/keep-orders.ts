import { JitError } from '@jit/contract/errors';
import { HELD_LABEL, WISH_KEYS } from '@jit/contract/vocabulary';
import type { Order } from '../../ledger/orders.ts';
import type { Run } from '../../ledger/run.ts';
import {
  judgeOrder,
  type OrderAnswer,
  type OrderCall,
  type OrderStep,
} from '../../planning/judge-order.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { TrackerAnswer, TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { noteStopping } from '../watching/note-stopping.ts';

/**
 * Carries out what people ordered, as far as it can be done now. An order stays open until its aim is
 * reached: every cycle looks at the run and the issue anew, so nothing depends on what was done before
 * a crash. One that the tracker does not answer for waits for the next cycle.
 */
export async function keepOrders(dispatcher: Dispatcher): Promise<void> {
  for (const order of dispatcher.ledger.openOrders()) await keep(dispatcher, order);
}

async function keep(dispatcher: Dispatcher, order: Order): Promise<void> {
  const { ledger } = dispatcher;
  const run = ledger.liveRuns().findLast((each) => each.issue === order.issue) ?? null;
  // Its claim was asked for and not answered: only the next step of its start tells.
  if (run?.state === 'created') return;
  const at = dispatcher.now().toISOString();
  ledger.beginOrder(order.id, { run: run?.run ?? null, at });
  const begun = ledger.order(order.id);
  if (begun === null) return;
  const live = run && { run: run.run, agent: run.agent, hasGates: run.gate_tries > 0 };
  const answers: OrderAnswer[] = [];
  for (;;) {
    const step = judgeOrder(begun, live, answers);
    if (step.do === 'end') return end(dispatcher, begun, step);
    const answer = step.do === 'ask' ? await ask(dispatcher, begun, step.call, answers) : null;
    if (answer !== null) {
      answers.push(answer);
      continue;
    }
    // A person's stop does not wait for the tracker.
    if (run !== null) stop(dispatcher, begun, run);
    return;
  }
}

/** Null: it is to be asked again later. */
async function ask(
  { tracker }: Dispatcher,
  { issue, agent }: Order,
  call: OrderCall,
  before: readonly OrderAnswer[],
): Promise<OrderAnswer | null> {
  // What a person says now stands above what one said before.
  const isGiven = before.some((each) => each.is === 'shown' && each.issue.isGiven);
  const metadata = isGiven ? { [WISH_KEYS.to]: '' } : {};
  const calls: readonly TrackerCall[] =
    call === 'give'
      ? [
          { do: 'reserve', issue, agent: agent ?? '' },
          { do: 'admit', issue, metadata },
        ]
      : [{ do: call, issue }];
  const answers = await tracker.callTogether(calls).catch((error: unknown) => {
    if (error instanceof JitError) return [];
    throw error;
  });
  const isCause = (each: TrackerAnswer) =>
    each.is !== 'ok' && !(each.is === 'refused' && each.code === 'ROLLED_BACK');
  return toAnswer(call, answers.find(isCause) ?? answers.at(-1));
}

function toAnswer(call: OrderCall, answer: TrackerAnswer | undefined): OrderAnswer | null {
  if (answer === undefined || answer.is === 'unknown') return null;
  if (answer.is === 'refused') {
    const { code, message, retryable } = answer;
    if (retryable) return null;
    return code === 'NOT_FOUND' || code === 'DELETED'
      ? { is: 'missing' }
      : { is: 'refused', code, message };
  }
  if (call !== 'show') return { is: 'done' };
  const [shown] = answer.issues;
  if (shown === undefined) return null;
  const { state, isClaimed, assignee, labels, whole } = shown;
  const { metadata } = (whole ?? {}) as { readonly metadata?: Readonly<Record<string, unknown>> };
  return {
    is: 'shown',
    issue: {
      state,
      isClaimed,
      assignee,
      isHeld: labels.includes(HELD_LABEL),
      isGiven: !!metadata?.[WISH_KEYS.to],
    },
  };
}

function stop(dispatcher: Dispatcher, { kind, who, reason }: Order, run: Run): void {
  const { host, log } = dispatcher;
  const isNew = noteStopping(dispatcher, run, 'ordered');
  host.requestStop(phaseOf(run));
  if (!isNew) return;
  const { issue, agent } = run;
  const message = `${kind} by ${who}${reason === '' ? '' : `: ${reason}`}: its agent is stopped`;
  log({ level: 'info', event: 'order', message, issue, agent, run: run.run, reason: kind });
}

function end(
  { ledger, log, now }: Dispatcher,
  { id, kind, issue, who }: Order,
  { outcome, detail }: Extract<OrderStep, { do: 'end' }>,
): void {
  ledger.endOrder(id, { outcome, detail, at: now().toISOString() });
  const message = `${kind} by ${who}: ${detail}`;
  log({ level: 'info', event: 'order', message, issue, reason: outcome });
}
