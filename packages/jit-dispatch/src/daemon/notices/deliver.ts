import type { NotifyTarget } from '../../config/operating.ts';
import { startHook } from '../../runners/hook-program.ts';

/** How a notice leaves the process. */
export interface Delivery {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  /** The first pause between two tries, in milliseconds; each one is twice as long, and longer by chance. */
  readonly firstPauseMs: number;
}

const MAX_PAUSE_MS = 5 * 60_000;
const MAX_ASKED_PAUSE_MS = 60 * 60_000;
/** Answers that may be another one later; the others are final. */
const PASSING = [408, 425, 429];

/** A try that failed. `retryAfterMs`: what the other side asked for. */
class DeliveryError extends Error {
  override name = 'DeliveryError';
  readonly isFinal: boolean;
  readonly retryAfterMs: number | null;
  constructor(message: string, isFinal = false, retryAfterMs: number | null = null) {
    super(message);
    this.isFinal = isFinal;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Where it goes, in words that hold nothing secret: addresses of hooks often do. */
export function nameOf({ hook, url }: Pick<NotifyTarget, 'hook' | 'url'>): string {
  return url === null ? (hook?.[0] ?? 'hook') : new URL(url).host;
}

/**
 * Tells one target, again and again up to its number of attempts.
 * @returns what went wrong in words, or null
 */
export async function deliver(
  target: NotifyTarget,
  body: string,
  delivery: Delivery,
): Promise<string | null> {
  const { default: pRetry } = await import('p-retry');
  const { signal, firstPauseMs } = delivery;
  const once = () =>
    target.url === null ? run(target, body, delivery) : post(target, body, delivery);
  let tries = 0;
  let last = 'was not tried';
  try {
    await pRetry(
      async () => {
        tries += 1;
        await once();
      },
      {
        retries: target.attempts - 1,
        minTimeout: firstPauseMs,
        maxTimeout: MAX_PAUSE_MS,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => !(error instanceof DeliveryError && error.isFinal),
        async onFailedAttempt({ error, retriesLeft }) {
          last = error.message;
          const asked = error instanceof DeliveryError ? error.retryAfterMs : null;
          if (asked !== null && retriesLeft > 0) await pause(asked, signal);
        },
      },
    );
    return null;
  } catch (error) {
    if (!signal.aborted && !(error instanceof DeliveryError)) last = wordsOf(error, 0);
    const end = signal.aborted ? '; given up: the dispatcher stops' : '';
    return `${last} (${tries} of ${target.attempts} tries)${end}`;
  }
}

async function post(
  { url, tokenEnv, timeoutSecs }: NotifyTarget,
  body: string,
  { environment, signal }: Delivery,
): Promise<void> {
  const token = tokenEnv === null ? null : (environment[tokenEnv] ?? '');
  if (token === '') throw new DeliveryError(`variable ${tokenEnv} is not set`, true);
  let answer: Response;
  try {
    answer = await fetch(url ?? '', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'jit-dispatch',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      // What answers elsewhere is not who was named.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSecs * 1000)]),
    });
  } catch (error) {
    throw new DeliveryError(wordsOf(error, timeoutSecs));
  }
  await answer.body?.cancel().catch(() => {});
  if (answer.ok) return;
  const { status } = answer;
  const isFinal = status < 500 && !PASSING.includes(status);
  throw new DeliveryError(`answered ${status}`, isFinal, retryAfter(answer));
}

/** Never the message: it may repeat address and header. */
function wordsOf(error: unknown, timeoutSecs: number): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutSecs} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return code === null ? `failed: ${error.name}` : `failed: ${code}`;
}

function retryAfter(answer: Response): number | null {
  const text = answer.headers.get('retry-after');
  if (text === null) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_ASKED_PAUSE_MS) : null;
}

async function run(
  { hook, timeoutSecs }: NotifyTarget,
  body: string,
  { cwd, environment, signal }: Delivery,
): Promise<void> {
  const process = startHook({
    argv: hook ?? [],
    cwd,
    environment,
    input: `${body}\n`,
    timeoutMs: timeoutSecs * 1000,
  });
  const stop = () => process.kill('was killed: the dispatcher stops');
  signal.addEventListener('abort', stop, { once: true });
  const problem = await process.ended;
  signal.removeEventListener('abort', stop);
  if (problem !== null) throw new DeliveryError(problem);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new DeliveryError('given up', true));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
