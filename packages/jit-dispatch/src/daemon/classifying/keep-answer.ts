import type { ClassAnswer } from '../../runners/read-class.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { Kept } from './read-classes.ts';

/** How the program did last, by dispatcher: a change is said once, not each issue. */
const failing = new WeakMap<Dispatcher, string>();

/** Keeps an answer, or how there came none, for the content that was asked about; false if that failed. */
export function keepAnswer(
  dispatcher: Dispatcher,
  { content, issue }: Kept,
  answer: ClassAnswer,
): boolean {
  const { ledger, now } = dispatcher;
  const at = now().toISOString();
  const row =
    answer.is === 'told'
      ? { class: answer.class, confidence: answer.confidence, detail: answer.detail, failed: null }
      : { class: null, confidence: null, detail: null, failed: answer.message };
  try {
    ledger.keepClassification({ content, ...row, at });
  } catch {
    // The cycle meets the same failure, and says so.
    return false;
  }
  sayChange(dispatcher, issue.id, answer);
  return true;
}

function sayChange(dispatcher: Dispatcher, issue: string, answer: ClassAnswer): void {
  const before = failing.get(dispatcher);
  const event = 'classify';
  if (answer.is === 'failed') {
    if (before === answer.message) return;
    failing.set(dispatcher, answer.message);
    const message = `no class was told: the program ${answer.message}`;
    dispatcher.log({ level: 'warn', event, message, issue });
  } else if (before !== undefined) {
    failing.delete(dispatcher);
    dispatcher.log({ level: 'info', event, message: 'classes are told again', issue });
  }
}
