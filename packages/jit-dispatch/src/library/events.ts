import type {
  DispatcherEvent,
  DispatcherEventName,
  EventTeller,
} from '../operations/looking/tell-events.ts';
import type { Workbench } from '../workbench/workbench.ts';

export type {
  DispatcherEvent,
  DispatcherEventName,
} from '../operations/looking/tell-events.ts';

/** Is called with what happened. What it throws is told as a warning and stops nobody. */
export type EventListener<E extends DispatcherEventName = DispatcherEventName> = (
  event: DispatcherEvent & { readonly event: E },
) => void;

/** Who listens to a dispatcher. */
export interface Events {
  on(name: DispatcherEventName | '*', listener: EventListener): () => void;
  /** Resolves once everything that happens from now on will be told. */
  ready(): Promise<void>;
  /** Tells what has happened until now, and ends. */
  close(): Promise<void>;
}

const LOOK_MS = 200;

/**
 * Tells listeners what happens, from the ledgers: also what another process does under this name. Nothing is
 * looked at while nobody listens.
 */
export function createEvents(
  workbench: () => Promise<Workbench>,
  warn: (message: string) => void,
): Events {
  const listeners = new Set<{ name: string; listener: EventListener }>();
  let teller: Promise<EventTeller> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const say = (error: unknown): void =>
    warn(`events: ${error instanceof Error ? error.message : String(error)}`);
  const tell = async (): Promise<void> => {
    if (teller === null) return;
    for (const event of await (await teller).look())
      for (const { name, listener } of listeners)
        if (name === '*' || name === event.event)
          try {
            listener(event);
          } catch (error) {
            say(error);
          }
  };
  const goOn = (): void => {
    timer = setTimeout(() => {
      void tell()
        .catch(say)
        .finally(() => {
          if (!isClosed && listeners.size > 0) goOn();
          else teller = null;
        });
    }, LOOK_MS);
  };
  const begin = (): void => {
    if (teller !== null || isClosed) return;
    teller = (async () => {
      const { tellEvents } = await import('../operations/looking/tell-events.ts');
      return tellEvents(await workbench());
    })();
    // Whoever calls a method hears why; here nobody waits.
    teller.catch(() => {
      teller = null;
    });
    goOn();
  };
  return {
    on(name, listener) {
      const entry = { name, listener };
      listeners.add(entry);
      begin();
      return () => void listeners.delete(entry);
    },
    async ready() {
      await teller?.catch(() => {});
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await tell().catch(say);
      listeners.clear();
    },
  };
}
