import { findAllMarked, isAlive } from '../../keeper/identity.ts';
import { signalProcess } from '../../keeper/signal-process.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { askerOf, PUSH_MARK, QUESTION_MARK } from './mark.ts';

/**
 * Kills programs that a dispatcher of this name asked for a class, and pushes that it began, before it died:
 * nobody keeps their limit. What a living process began is not touched. Linux only: elsewhere none is found.
 * @returns how many there were
 */
export function sweepQuestions(dispatcher: Dispatcher): number {
  const marked = [QUESTION_MARK, PUSH_MARK].flatMap((name) => [...findAllMarked(name)]);
  const left = marked.flatMap(([mark, processes]) => {
    const asker = askerOf(dispatcher, mark);
    return asker === null || isAlive(asker) ? [] : processes;
  });
  for (const each of left) signalProcess(each, 'SIGKILL');
  if (left.length > 0)
    dispatcher.log({
      level: 'warn',
      event: 'sweep',
      message: `left of a question or a push that nobody waits for: stopped, pid ${left.map(({ pid }) => pid).join(', ')}`,
    });
  return left.length;
}
