import { JitError } from '@jit/contract/errors';
import { redactText } from '../../keeper/redact.ts';
import type { Means } from '../kind.ts';
import { unavailable } from '../kind-error.ts';

/** A request to an agent. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** What was answered, without secrets. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  readonly json: unknown;
}

const MOST_BYTES = 64 * 1024;
const DAY_MS = 24 * 3600 * 1000;
const SHOWN = 200;

/**
 * Asks once. Where it leads elsewhere is no answer: work and token are not carried to another address.
 * Errors: AGENT_UNAVAILABLE (retryable) where no whole answer comes or the server failed, AGENT_RATE_LIMITED
 * with `details.retry_at`, AGENT_FORBIDDEN, AGENT_REDIRECTS.
 */
export async function ask(
  asked: Asked,
  { now, secrets }: Pick<Means, 'now' | 'secrets'>,
): Promise<Answer> {
  const { method, url, headers, body, timeoutMs } = asked;
  const name = `${method} ${new URL(url).host}`;
  const answer = await exchange(name, { method, url, headers, timeoutMs, body }, secrets);
  const { status, retryAfter } = answer;
  const said = inShort(answer.text);
  if (status >= 300 && status < 400)
    throw new JitError(
      'external',
      'AGENT_REDIRECTS',
      `${name} answered ${status}: it leads elsewhere`,
      {
        hint: 'name the address that it leads to',
      },
    );
  if (status === 429) throw limited(`${name} answered 429${said}`, retryAfter, now());
  if (status >= 500) throw unavailable(`${name} answered ${status}${said}`);
  if (status === 401 || status === 403)
    throw new JitError('permission', 'AGENT_FORBIDDEN', `${name} answered ${status}${said}`, {
      hint: 'look at the token of this agent',
    });
  return answer;
}

interface Raw extends Answer {
  readonly retryAfter: string | null;
}

async function exchange(
  name: string,
  { method, url, headers, body, timeoutMs }: Asked,
  secrets: ReadonlySet<string>,
): Promise<Raw> {
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
    });
    const whole = await readCapped(name, response);
    const read = parse(whole);
    // Written anew: a server may escape a part of a secret.
    const text = redactText(read === undefined ? whole : JSON.stringify(read), secrets);
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, text, json: parse(text), retryAfter };
  } catch (error) {
    if (error instanceof JitError) throw error;
    const { name: kind, message, cause } = error as Error & { cause?: { code?: unknown } };
    if (kind === 'TimeoutError')
      throw unavailable(`${name} gave no answer within ${timeoutMs / 1000} s`);
    throw unavailable(`${name} gave no answer: ${String(cause?.code ?? message)}`);
  }
}

async function readCapped(name: string, response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES)
      throw new JitError(
        'external',
        'AGENT_GARBAGE',
        `${name} answered more than ${MOST_BYTES} bytes`,
        {
          hint: 'look at what this address answers',
        },
      );
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function limited(message: string, retryAfter: string | null, now: number): JitError {
  const secs = Number(retryAfter ?? Number.NaN);
  const told = Number.isFinite(secs) ? now + secs * 1000 : Date.parse(retryAfter ?? '');
  // No date can be made of any number; nobody is believed for longer than a day.
  const at = Math.min(told, now + DAY_MS);
  return new JitError('external', 'AGENT_RATE_LIMITED', message, {
    retryable: true,
    // Where nobody says how long, the account rests as configured.
    details: { retry_at: Number.isNaN(at) ? null : new Date(at).toISOString() },
  });
}

/** The beginning of an answer, in one line. */
export function inShort(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return `: ${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}`;
}
