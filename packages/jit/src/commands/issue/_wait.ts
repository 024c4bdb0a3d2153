import { JitError } from '@jit/contract/errors';
import { pauseBefore } from '../../domain/waiting.ts';
import type { ReadTx, Store } from '../../store/store.ts';

/** What is waited for, and how it is taken. */
export interface Wanted<T> {
  /** Whether it is worth to try now; a read, which takes no lock. */
  readonly isThere: (tx: ReadTx) => boolean;
  /** Takes it, in a write of its own. Errors: NOTHING_READY, when somebody was faster. */
  readonly take: () => T;
}

/**
 * Takes what is wanted as soon as it is there. Looks when an issue or gate changed, when a lease or a
 * time to wait for ends, and now and then besides; in between it holds nothing.
 * @param waitSecs how long, in seconds of uptime
 * @throws NOTHING_READY when the time is over, and at once whatever else `take` throws
 */
export async function takeWhenThere<T>(
  store: Pick<Store, 'read' | 'watch'>,
  waitSecs: number,
  { isThere, take }: Wanted<T>,
): Promise<T> {
  let end: number | null = null;
  for (;;) {
    // Opened before the look, so that no change falls between the two; anew each time, because git
    // may have put other folders in the place of those that were watched.
    const watch = store.watch();
    try {
      const look = store.read((tx) => {
        end ??= tx.instant.uptime + waitSecs;
        const facts = { now: tx.instant, claims: tx.liveRecords(), deferredUntil: deferrals(tx) };
        const isOver = tx.instant.uptime >= end;
        return { isOver, isThere: isThere(tx), pauseMs: pauseBefore({ ...facts, end }) };
      });
      if (look.isThere || look.isOver) {
        try {
          return take();
        } catch (error) {
          if (look.isOver || !isNothingReady(error)) throw error;
        }
      }
      await watch.changed(look.pauseMs);
    } finally {
      watch.close();
    }
  }
}

function deferrals(tx: ReadTx): string[] {
  return tx.unfinished().flatMap(({ defer_until }) => defer_until ?? []);
}

function isNothingReady(error: unknown): boolean {
  return error instanceof JitError && error.code === 'NOTHING_READY';
}
