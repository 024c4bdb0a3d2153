import type { FailureClass } from '@jit/contract/vocabulary';
import { exitText } from './classify.ts';
import type { RunEnd } from './settle.ts';

/** How often the exit gates of one run are begun before a person has to look. */
export const MAX_GATE_TRIES = 3;

/** Why gates can't be decided here. */
export interface Undecided {
  readonly failed: Extract<FailureClass, 'gate' | 'environment'>;
  readonly reason: string;
  readonly detail: string;
  /** Whether another try may end in another way. */
  readonly mayRepeat: boolean;
}

/** The exit codes of `jit gate run` that decide nothing. */
const NOT_TRUSTED = 5;
const STALE = 6;

/**
 * What the end of a run of the exit gates means for an issue that still waits for them. What they did
 * decide is read from the issue, never from an exit code.
 */
export function judgeGates(end: RunEnd): Undecided {
  const text = exitText(end);
  const said = end.reason === 'exited' && end.message !== '' ? end.message : text;
  const undecided = (
    reason: string,
    words: string,
    { failed = 'environment', mayRepeat = true }: Partial<Undecided> = {},
  ): Undecided => ({ failed, reason, detail: `${words}: ${said}`, mayRepeat });
  if (end.reason === 'timed_out')
    return undecided('gates_timed_out', 'its exit gates took too long', {
      failed: 'gate',
      mayRepeat: false,
    });
  if (end.reason === 'exited' && end.code === NOT_TRUSTED)
    return undecided('gates_not_trusted', 'its exit gates may not be run here', {
      mayRepeat: false,
    });
  if (end.reason === 'exited' && end.code === STALE)
    return undecided('gates_stale', 'its exit gates looked at something that kept changing', {
      failed: 'gate',
    });
  return undecided('gates_not_run', 'its exit gates could not be run');
}
