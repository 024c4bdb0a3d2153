import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redactText } from '../../keeper/redact.ts';
import type { Means, Verdict } from '../kind.ts';
import { readReport } from './read-report.ts';

/** Where an agent says how its work ended. */
export interface Callback {
  readonly url: string;
  readonly port: number;
  /** Proves that it is this agent who says so. */
  readonly token: string;
  /** What it said, once it did. */
  verdict(): Verdict | null;
  close(): void;
}

/** How an earlier run was reached. */
export interface EarlierCallback {
  readonly port: number;
  readonly token: string;
}

const MOST_BYTES = 64 * 1024;

/**
 * Listens on loopback for the end of one work; where an earlier run was told another address, there if its
 * port is free.
 */
export async function openCallback(
  key: string,
  {
    earlier,
    onReport,
    secrets,
  }: Pick<Means, 'secrets'> & {
    readonly earlier: EarlierCallback | null;
    readonly onReport: () => void;
  },
): Promise<Callback> {
  const token = earlier?.token ?? randomBytes(16).toString('hex');
  secrets.add(token);
  const path = `/runs/${encodeURIComponent(key)}`;
  let said: Verdict | null = null;
  const server = createServer((request, response) => {
    void handle(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
        response.end(JSON.stringify(body));
        if (status === 200 && said !== null) onReport();
      },
      () => refuseBroken(response),
    );
  });
  const handle = async (request: IncomingMessage): Promise<Reply> => {
    if (request.url !== path) return { status: 404, body: { error: 'no such run' } };
    if (request.method !== 'POST') return { status: 405, body: { error: 'POST it' } };
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`))
      return { status: 401, body: { error: 'another token' } };
    const report = await readJson(request, secrets);
    const sight = readReport(report);
    if (report === undefined)
      return { status: 400, body: { error: 'the body is no JSON of up to 64 KiB' } };
    // Whoever says it twice is told the same.
    if (sight.is !== 'going') said ??= sight;
    return { status: 200, body: { ok: true, status: said?.is ?? 'going' } };
  };
  const port = await listen(server, earlier?.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}${path}`,
    port,
    token,
    verdict: () => said,
    close() {
      server.close();
      server.closeIdleConnections();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

function refuseBroken(response: ServerResponse): void {
  response.writeHead(400).end();
}

async function listen(server: Server, port: number): Promise<number> {
  const at = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await at(port).catch((error: NodeJS.ErrnoException) => {
    if (port === 0 || error.code !== 'EADDRINUSE') throw error;
    return at(0);
  });
  return (server.address() as AddressInfo).port;
}

function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

async function readJson(request: IncomingMessage, secrets: ReadonlySet<string>): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > MOST_BYTES) return undefined;
  }
  try {
    return JSON.parse(redactText(JSON.stringify(JSON.parse(text)), secrets));
  } catch {
    return undefined;
  }
}
