import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { MemoryRepository } from './memory-repository.ts';

/** A request that a forge of a test got; the token is not kept. */
export interface Got {
  readonly method: string;
  /** Below the API's address. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** Whose token it came with; null: nobody's. */
  readonly login: string | null;
  /** What was answered; 0: nothing. */
  status: number;
}

/** What a server answers. */
export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong with the next requests. */
export type Fault = {
  /** With so many of them; by default with all from now on. */
  readonly times?: number;
  /** Only with these. */
  readonly when?: (got: Got) => boolean;
} & (
  | {
      /** Something is answered before the forge looks at the request. */
      readonly does: 'answer';
      readonly answer: Answered;
    }
  /** `half`: the beginning of the answer. `hang`: nothing, for ever. `reset`: closed unheard. `lose`: carried out, then closed. */
  | { readonly does: 'half' | 'hang' | 'reset' | 'lose' }
  | { readonly does: 'delay'; readonly ms: number }
);

/** A forge on loopback. */
export interface ForgeServer {
  /** What goes into the options of an adapter. */
  readonly url: string;
  readonly repository: MemoryRepository;
  readonly got: readonly Got[];
  /** Who may come in: tokens and the login names of their owners. */
  readonly tokens: Map<string, string>;
  fault(fault: Fault): void;
  /** Nothing goes wrong any more. */
  heal(): void;
  /** How many requests came with that method and a path that ends so. */
  count(method: string, end?: string): number;
  close(): void;
}

/** The part that differs between forges. */
export interface Dialect {
  /** The path that stands before all of its API. */
  readonly prefix: string;
  answer(got: Got): Answered;
  /** Changes an answer before it is sent. */
  finish?(got: Got, answered: Answered): Answered;
  readonly unauthorized: Answered;
}

/** Serves a repository in a dialect until the test ends. */
export async function startForge(
  repository: MemoryRepository,
  makeDialect: (url: string) => Dialect,
): Promise<ForgeServer> {
  const got: Got[] = [];
  const tokens = new Map([['token-of-robot', 'robot']]);
  let faults: { fault: Fault; left: number }[] = [];

  const takeFault = (request: Got): Fault | null => {
    const found = faults.find(({ fault, left }) => left > 0 && (fault.when?.(request) ?? true));
    if (found === undefined) return null;
    found.left -= 1;
    return found.fault;
  };

  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const each = toGot(request, text, dialect.prefix, tokens);
      got.push(each);
      const fault = takeFault(each);
      if (fault?.does === 'hang') return;
      if (fault?.does === 'reset') return void response.socket?.destroy();
      if (fault?.does === 'delay')
        return void setTimeout(() => give(each, response, answerOf(each)), fault.ms);
      const answered = fault?.does === 'answer' ? fault.answer : answerOf(each);
      if (fault?.does === 'lose') return void response.socket?.destroy();
      if (fault?.does === 'half') return giveHalf(response, answered);
      give(each, response, answered);
    });
  });
  const answerOf = (each: Got): Answered => {
    if (each.login === null) return dialect.unauthorized;
    const answered = dialect.answer(each);
    return dialect.finish?.(each, answered) ?? answered;
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const dialect = makeDialect(url);
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  return {
    url,
    repository,
    got,
    tokens,
    fault(fault) {
      faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    heal() {
      faults = [];
    },
    count: (method, end = '') =>
      got.filter((each) => each.method === method && each.path.endsWith(end)).length,
    close,
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

function toGot(
  request: IncomingMessage,
  text: string,
  prefix: string,
  tokens: ReadonlyMap<string, string>,
): Got {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
  const { authorization = '', ...headers } = request.headers;
  const token = authorization.replace(/^(Bearer|token) /i, '');
  return {
    method: request.method ?? '',
    path: pathname.startsWith(prefix) ? pathname.slice(prefix.length) : `?${pathname}`,
    query: Object.fromEntries(searchParams),
    headers,
    body: text === '' ? null : JSON.parse(text),
    login: tokens.get(token) ?? null,
    status: 0,
  };
}

function give(got: Got, response: ServerResponse, { status, body, headers }: Answered): void {
  got.status = status;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
}

function giveHalf(response: ServerResponse, { status, body }: Answered): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.socket?.destroy());
}
