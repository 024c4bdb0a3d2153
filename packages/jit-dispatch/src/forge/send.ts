import type { JitError } from '@jit/contract/errors';
import type { Timers } from '../timers.ts';
import type { Answer } from './answer-cache.ts';
import { forgeError } from './forge-error.ts';

/** A request as it leaves. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How it is sent. */
export interface Sending {
  readonly timeoutMs: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/** More than any page of a forge: what is longer is something else. */
const MOST_BYTES = 16 * 1024 * 1024;
/** With these the request did not reach anybody. */
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** Sends one request and reads the whole answer, of whatever status; redirects are not followed. */
export async function send(
  request: Outgoing,
  { timeoutMs, timers, signal }: Sending,
): Promise<Answer> {
  const limit = new AbortController();
  const cancel = timers.after(timeoutMs, () => limit.abort());
  let answer: Response | null = null;
  try {
    answer = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      // The token is for whom was named, not for where they point.
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit.signal]),
    });
    const { status, headers } = answer;
    return { status, headers, text: await readText(answer, request) };
  } catch (error) {
    if (limit.signal.aborted) throw timedOut(request, timeoutMs);
    throw broken(request, error, answer !== null, signal.aborted);
  } finally {
    cancel();
  }
}

/** The path of an address, for messages: what is behind `?` is left out. */
export function pathOf(url: string): string {
  return new URL(url).pathname;
}

async function readText(answer: Response, request: Outgoing): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw garbage(request, `sent more than ${MOST_BYTES} bytes`, false);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function timedOut({ method, url }: Outgoing, timeoutMs: number): JitError {
  return forgeError(
    'FORGE_TIMEOUT',
    `${method} ${pathOf(url)}: ${new URL(url).host} did not answer within ${timeoutMs / 1000} s`,
    {
      hint: 'try again later',
      method,
      path: pathOf(url),
      may_have_happened: method !== 'GET',
    },
  );
}

/** Never the message of the error: it may repeat address and headers. */
function broken(request: Outgoing, error: unknown, hasBegun: boolean, isGivenUp: boolean): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'JitError') return error;
  if (hasBegun && !isGivenUp) return garbage(request, 'sent half an answer', true);
  const { method, url } = request;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
  return forgeError(
    'FORGE_UNAVAILABLE',
    isGivenUp
      ? `${method} ${pathOf(url)} was given up: the dispatcher stops`
      : `${method} ${pathOf(url)}: ${new URL(url).host} can't be reached: ${code}`,
    {
      hint: 'see whether the address is right and the forge is up',
      method,
      path: pathOf(url),
      may_have_happened: method !== 'GET' && !NEVER_SENT.includes(code),
    },
  );
}

function garbage({ method, url }: Outgoing, what: string, retryable: boolean): JitError {
  return forgeError('FORGE_GARBAGE', `${method} ${pathOf(url)}: ${new URL(url).host} ${what}`, {
    hint: 'see whether the address is that of the API, and whether something stands between',
    retryable,
    method,
    path: pathOf(url),
    may_have_happened: method !== 'GET',
  });
}
