import { JitError } from '@jit/contract/errors';
import type { Account } from './accounts.ts';
import { type Answer, createAnswerCache } from './answer-cache.ts';
import { forgeError } from './forge-error.ts';
import type { ForgePorts } from './forge-options.ts';
import { findRetryAt } from './rate-limit.ts';
import { type Outgoing, pathOf, send } from './send.ts';
import type { TokenReader } from './token-reader.ts';

/** A request as an adapter makes it; token and conditions are put on here. */
export type Request = Omit<Outgoing, 'headers'> & {
  readonly headers: Readonly<Record<string, string>>;
};

/** Asks a forge politely. */
export interface Exchange {
  /**
   * One answer, of any status but 401, a rate limit or 5xx, which are errors; 304 is answered from memory.
   * Reading is tried again after 5xx and broken connections, writing never.
   */
  ask(request: Request): Promise<Answer>;
}

/** How an exchange is set up. */
export interface ExchangeOptions {
  /** The word before the token in its header. */
  readonly scheme: 'Bearer' | 'token';
  readonly token: TokenReader;
  /** Where the token comes from, for messages. */
  readonly source: string;
  readonly account: Account;
  readonly timeoutMs: number;
}

/** Before the second and third try. */
const PAUSES_MS = [1000, 4000];
/** What another try may mend. */
const BROKEN = ['FORGE_UNAVAILABLE', 'FORGE_GARBAGE'];

export function createExchange(
  { scheme, token, source, account, timeoutMs }: ExchangeOptions,
  ports: Omit<ForgePorts, 'accounts' | 'environment'>,
): Exchange {
  const { timers, now, signal } = ports;
  const cache = createAnswerCache();

  const sendOnce = async (request: Request, secret: string): Promise<Answer> => {
    const known = request.method === 'GET' ? cache.find(request.url) : null;
    const headers = {
      ...request.headers,
      authorization: `${scheme} ${secret}`,
      'user-agent': 'jit-dispatch',
      ...(known === null ? {} : { 'if-none-match': known.etag }),
    };
    const sent = await send({ ...request, headers }, { timeoutMs, timers, signal });
    if (sent.status === 304 && known !== null) return known.answer;
    // What a forge repeats of the token would go into errors, issues and prompts.
    const answer = { ...sent, text: sent.text.replaceAll(secret, '[token]') };
    if (request.method === 'GET') cache.keep(request.url, answer);
    return answer;
  };

  const askOnce = async (request: Request, isLastToken = false): Promise<Answer> => {
    requireNoRest(request, account, now());
    const secret = await token.read();
    if (account.isRefused(secret, now())) {
      token.forget();
      if (account.isRefused(await token.read(), now())) throw unauthorized(request, source);
      return askOnce(request, isLastToken);
    }
    const answer = await sendOnce(request, secret);
    const retryAt = findRetryAt(answer, now());
    if (retryAt !== null) {
      account.rest(retryAt);
      throw rateLimited(request, retryAt, answer.status);
    }
    if (answer.status === 401) {
      account.refuse(secret, now());
      token.forget();
      if (isLastToken || (await token.read()) === secret) throw unauthorized(request, source);
      return askOnce(request, true);
    }
    if (answer.status >= 500) throw unavailable(request, answer.status);
    return answer;
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = timers.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
    });

  return {
    async ask(request) {
      for (let tries = 0; ; tries += 1) {
        try {
          return await account.take(() => askOnce(request));
        } catch (error) {
          const ms = PAUSES_MS[tries];
          const isWorthIt =
            error instanceof JitError && error.retryable && BROKEN.includes(error.code);
          if (request.method !== 'GET' || !isWorthIt || ms === undefined || signal.aborted)
            throw error;
          await pause(ms);
        }
      }
    },
  };
}

function requireNoRest(request: Request, account: Account, now: number): void {
  const until = account.restsUntil(now);
  if (until !== null) throw rateLimited(request, until, null);
}

function rateLimited({ method, url }: Request, retryAt: number, status: number | null): JitError {
  const retry_at = new Date(retryAt).toISOString();
  const asked = status === null ? 'is not asked' : `answered ${status}`;
  return forgeError(
    'FORGE_RATE_LIMITED',
    `${method} ${pathOf(url)}: ${new URL(url).host} ${asked}, its rate limit is used up until ${retry_at}`,
    {
      hint: 'wait until then; nothing is asked before',
      method,
      path: pathOf(url),
      retry_at,
      ...(status === null ? {} : { status }),
    },
  );
}

function unauthorized({ method, url }: Request, source: string): JitError {
  return forgeError(
    'FORGE_UNAUTHORIZED',
    `${method} ${pathOf(url)}: ${new URL(url).host} does not accept the token of ${source}`,
    {
      hint: `put a valid token into ${source}; it is read again by itself`,
      method,
      path: pathOf(url),
      status: 401,
    },
  );
}

function unavailable({ method, url }: Request, status: number): JitError {
  const path = pathOf(url);
  return forgeError(
    'FORGE_UNAVAILABLE',
    `${method} ${path}: ${new URL(url).host} answered ${status}`,
    {
      hint: 'try again later',
      method,
      path,
      status,
      may_have_happened: method !== 'GET',
    },
  );
}
