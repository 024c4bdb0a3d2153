import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeRecord } from '../keeper/records.ts';
import { createApp } from './app.ts';
import type { Served } from './served.ts';

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** A head that does not come is not waited for, and many connections are no use to anybody. */
const HEAD_MS = 10_000;
const MOST_CONNECTIONS = 100;

/**
 * Serves status, events and metrics to this machine. The address is written to `http.json` in the folder,
 * for those who look for it.
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function listen(
  { host, port }: Address,
  served: Omit<Served, 'closing'>,
  folder: string,
): Promise<Listening> {
  const { createAdaptorServer } = await import('@hono/node-server');
  const closing = new AbortController();
  const app = createApp({ ...served, closing: closing.signal });
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host }) as Server;
  server.headersTimeout = HEAD_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // What a single connection does wrong is its own affair.
  server.on('error', () => {});
  const actual = (server.address() as AddressInfo).port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
  const file = join(folder, 'http.json');
  writeRecord(file, { url, host, port: actual, pid: process.pid });
  return {
    url,
    async close() {
      rmSync(file, { force: true });
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
