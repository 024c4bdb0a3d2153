import type { Log } from '../daemon/log.ts';
import type { Timers } from '../timers.ts';
import type { Served } from './served.ts';
import type { Address, Listening } from './server.ts';

/** What serves as long as it is wanted. */
export interface KeptServing {
  close(): Promise<void>;
}

const RETRY_MS = 5_000;

/**
 * Serves at the configured address, as long as there is one. What can't be served is said once and tried
 * again: dispatching does not depend on it.
 */
export function keepServing(
  wanted: () => Address | null,
  served: Omit<Served, 'closing'>,
  { folder, log, timers }: { folder: string; log: Log; timers: Timers },
): KeptServing {
  let open: { readonly address: Address; readonly server: Listening } | null = null;
  let said: string | null = null;
  let isClosed = false;
  let work: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const address = isClosed ? null : wanted();
    const isSame = address?.host === open?.address.host && address?.port === open?.address.port;
    if (isSame) return;
    await open?.server.close();
    open = null;
    if (address === null) return;
    try {
      const { listen } = await import('./server.ts');
      open = { address, server: await listen(address, served, folder) };
      said = null;
      const message = `status, events and metrics at ${open.server.url}`;
      log({ level: 'info', event: 'http', message });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why === said) return;
      said = why;
      const message = `nothing is served, it is tried again: ${why}`;
      log({ level: 'error', event: 'http', message });
    }
  };
  const next = () => {
    work = work.then(look);
  };
  next();
  const cancel = timers.every(RETRY_MS, next);
  return {
    async close() {
      isClosed = true;
      cancel();
      next();
      await work;
    },
  };
}
