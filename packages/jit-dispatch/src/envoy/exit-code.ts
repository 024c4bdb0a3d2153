import type { Verdict } from '../runners/kind.ts';

const CODES: Readonly<Record<Verdict['is'], number>> = {
  done: 0,
  failed: 1,
  not_now: 75,
  // As the shell tells a program that was ended.
  taken_back: 130,
};
const STOPPED = 143;

/** The exit code that goes with a verdict; null: it was told to stop. */
export function exitCodeOf(verdict: Verdict | null): number {
  return verdict === null ? STOPPED : CODES[verdict.is];
}
