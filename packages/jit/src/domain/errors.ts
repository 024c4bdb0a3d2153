import { JitError } from '@jit/contract/errors';
import type { ShownState } from '@jit/contract/vocabulary';
import type { Blocker } from './readiness.ts';

/** What a person or program can do with an issue in each stored state. */
const LEGAL_MOVES: Readonly<Record<ShownState, readonly string[]>> = {
  ready: ['claim', 'done', 'reject'],
  open: ['reject', 'or first what blocks it'],
  in_progress: ['done', 'release', 'reject'],
  gated: ['decide its gates', 'done', 'release', 'reject'],
  done: ['reopen', 'archive'],
  rejected: ['reopen', 'archive'],
  archived: [],
};

/** A change that the state does not allow: exit 4 with the legal moves. */
export function illegalMove(id: string, state: ShownState, wanted: string): JitError {
  const moves = LEGAL_MOVES[state];
  return new JitError('invalid', 'ILLEGAL_MOVE', `${id} is ${state}: it can't ${wanted}`, {
    hint:
      moves.length === 0 ? 'An archived issue stays as it is.' : `Possible: ${moves.join(', ')}.`,
    details: { issue: id, state, wanted, legal_moves: moves },
  });
}

/** The issue is held back: exit 4 with the typed blockers. */
export function blocked(id: string, wanted: string, blockers: readonly Blocker[]): JitError {
  return new JitError(
    'blocked',
    'BLOCKED',
    `${id} can't ${wanted}: ${describeBlockers(blockers)}`,
    {
      hint: `jit issue show ${id} lists what blocks it.`,
      details: { issue: id, wanted, blockers },
    },
  );
}

/** Blockers in words, on one line. */
export function describeBlockers(blockers: readonly Blocker[]): string {
  return blockers.map(describeBlocker).join('; ');
}

function describeBlocker(blocker: Blocker): string {
  if (blocker.type === 'dependency') return `waits for ${blocker.issue} (${blocker.state})`;
  if (blocker.type === 'gate') return `entry gate ${blocker.gate} is ${blocker.status}`;
  return `deferred until ${blocker.until}`;
}

/** The issue is not as the writer needs it to be: exit 6. */
export function conditionNotMet(id: string, condition: string): JitError {
  return new JitError('conflict', 'CONDITION_NOT_MET', `${id} does not fit: ${condition}`, {
    hint: `Nothing was changed. jit issue show ${id} shows what it is now.`,
    details: { issue: id, condition },
  });
}
