import { findAllMarked, isAlive } from '../../keeper/identity.ts';
import { signalProcess } from '../../keeper/signal-process.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { askerOf, QUESTION_MARK } from './mark.ts';

/**
 * Kills programs that a dispatcher of this name asked for a class before it died: nobody keeps their limit.
 * What a living process asked is not touched. Linux only: elsewhere none is found.
 * @returns how many there were
 */
export function sweepQuestions(dispatcher: Dispatcher): number {
  const left = [...findAllMarked(QUESTION_MARK)].flatMap(([mark, processes]) => {
    const asker = askerOf(dispatcher, mark);
    return asker === null || isAlive(asker) ? [] : processes;
  });
  for (const each of left) signalProcess(each, 'SIGKILL');
  if (left.length > 0)
    dispatcher.log({
      level: 'warn',
      event: 'sweep',
      message: `left of a question that nobody waits for: stopped, pid ${left.map(({ pid }) => pid).join(', ')}`,
    });
  return left.length;
}
