import type { ServerResponse } from 'node:http';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type FollowedEvent, followEvents, parseCursor } from '../seeing/event-tail.ts';
import { refuse } from './refuse.ts';
import type { Served } from './served.ts';

const POLL_MS = 250;
const PING_MS = 15_000;
/** Browsers hold a handful of connections; more are a mistake somewhere. */
const MOST_READERS = 32;

const readers = new WeakMap<Served, number>();

/**
 * Events as they come (server-sent events): first `hello` with the newest id, then what the ledgers get.
 * Nothing is kept for a reader: each one reads the ledgers for itself, at its own pace. One that takes
 * nothing is dropped, and goes on later with the last id it saw.
 */
export function streamEvents(c: Context, served: Served): Response {
  const sites = served.sites();
  const asked = c.req.header('last-event-id') ?? c.req.query('since');
  const names = sites.map(({ repository }) => repository);
  const since = asked === undefined ? null : parseCursor(asked, names);
  if (asked !== undefined && since === null)
    return refuse(c, 400, 'INVALID_EVENT_ID', `${asked} is no id of an event of this dispatcher`);
  const count = readers.get(served) ?? 0;
  if (count >= MOST_READERS)
    return refuse(c, 503, 'TOO_MANY_READERS', `${count} readers are connected already`);
  readers.set(served, count + 1);

  const tail = followEvents(sites, since, served.now);
  const { outgoing } = c.env as { outgoing?: ServerResponse };
  return streamSSE(c, async (stream) => {
    const end = () => stream.abort();
    served.closing.addEventListener('abort', end, { once: true });
    /** Writes, and drops a reader that does not take it. */
    const write = async (work: Promise<unknown>): Promise<void> => {
      const timer = setTimeout(() => {
        stream.abort();
        outgoing?.destroy();
      }, served.patienceMs);
      await work;
      clearTimeout(timer);
    };
    try {
      const hello = JSON.stringify({ id: tail.cursor() });
      await write(stream.writeSSE({ event: 'hello', id: tail.cursor(), data: hello }));
      let quietSince = served.uptimeMs();
      while (!stream.aborted && !served.closing.aborted) {
        const events = tail.next();
        for (const each of events) {
          if (stream.aborted) return;
          await write(stream.writeSSE(messageOf(each)));
        }
        const time = served.uptimeMs();
        if (events.length > 0) quietSince = time;
        else if (time - quietSince >= PING_MS) {
          await write(stream.write(': ping\n\n'));
          quietSince = time;
        }
        if (events.length === 0) await stream.sleep(POLL_MS);
      }
    } finally {
      served.closing.removeEventListener('abort', end);
      readers.set(served, (readers.get(served) ?? 1) - 1);
    }
  });
}

function messageOf({ event, cursor }: FollowedEvent): { event?: string; id: string; data: string } {
  const data = JSON.stringify(event);
  return event.type === 'reset' ? { event: 'reset', id: cursor, data } : { id: cursor, data };
}
