import type { EventOutput } from '@jit/contract/outputs/event';
import type { EventFeed } from '../../store/store.ts';
import { toEvent } from '../../views/event.ts';

/** How often the log is looked at, in milliseconds: what others write shows within 250 ms. */
const POLL_MS = 50;

/**
 * The events of a feed as they come: first the last `count`, then what is new. An iterator by hand,
 * because a generator that waits for its timer could not be ended before it fires.
 */
export function follow(feed: EventFeed, count: number): AsyncIterableIterator<EventOutput> {
  const waiting: EventOutput[] = lastOf(feed.next().map(toEvent), count);
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const next = async (): Promise<IteratorResult<EventOutput>> => {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) return { done: false, value: event };
      if (ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, POLL_MS);
      });
      waiting.push(...feed.next().map(toEvent));
    }
  };
  return {
    next,
    async return() {
      ended = true;
      clearTimeout(timer);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The last `count` elements. */
export function lastOf<T>(values: readonly T[], count: number): T[] {
  return values.slice(Math.max(0, values.length - count));
}
