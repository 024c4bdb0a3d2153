import type { EndedRun, Ending, SettleAnswer, SettleStep } from './settle.ts';
import { nextOrderedStep } from './settle-ordered.ts';

/** How a run ended whose work a person elsewhere took back; null for every other one. */
export function takenBackEnding({
  failure,
  gates,
}: Pick<EndedRun, 'failure' | 'gates'>): Ending | null {
  const { state, reason, detail } = failure;
  if (reason !== 'taken_back' || gates.end !== null) return null;
  return { state, reason, detail, failed: null };
}

/**
 * The next step for such a run: nobody failed. The issue is held first, so that no dispatcher finds it free and
 * gives it out again; then it goes back. Every step may be repeated after a crash.
 */
export function nextTakenBackStep(
  run: Pick<EndedRun, 'attempt'>,
  ending: Ending,
  answers: readonly SettleAnswer[],
): SettleStep {
  return answers.length === 0 ? { do: 'hold' } : nextOrderedStep(run, ending, answers);
}
