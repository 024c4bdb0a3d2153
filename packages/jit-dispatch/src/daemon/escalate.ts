import type { Dispatcher } from './dispatcher.ts';

/** What people are asked to look at. */
export interface Escalation {
  readonly issue: string;
  readonly title: string;
  readonly reason: string;
  readonly detail: string;
}

/** The label of an issue that waits for a person. */
const LABEL = 'dispatch:escalated';

/**
 * Asks people to look at an issue.
 * @returns true if the label is on the issue now, by whomever; false if that was not answered
 */
export async function escalate(
  { tracker, log }: Dispatcher,
  { issue, reason, detail }: Escalation,
): Promise<boolean> {
  const [answer] = await tracker.call([{ do: 'label', issue, add: LABEL }]);
  const isAsked = answer?.is === 'ok' || (answer?.is === 'refused' && !answer.retryable);
  if (isAsked) log({ level: 'warn', event: 'escalated', message: detail, issue, reason });
  return isAsked;
}
