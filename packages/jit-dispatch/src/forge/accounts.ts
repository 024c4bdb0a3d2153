/** How many requests of one account are under way at a time: GitHub asks for few. */
const MOST_AT_ONCE = 4;
/** A token that was refused is not tried again for so long. */
const REFUSED_MS = 60_000;

/** What is known of one account at one host, for all that use it in this process. */
export interface Account {
  /** When it may make a request again, in milliseconds since 1970; null: now. */
  restsUntil(now: number): number | null;
  /** The forge asked for patience. */
  rest(until: number): void;
  /** Whether this token was refused a moment ago. */
  isRefused(token: string, now: number): boolean;
  refuse(token: string, now: number): void;
  /** Waits for its turn, does it, and lets the next one in. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

/** The accounts of a process. */
export interface Accounts {
  /** `origin`: of the address; `source`: the name of the token's variable or file. */
  of(origin: string, source: string): Account;
}

/** Accounts of which nothing is known yet: a process has one such, or rate limits are forgotten. */
export function createAccounts(): Accounts {
  const accounts = new Map<string, Account>();
  return {
    of(origin, source) {
      const key = JSON.stringify([origin, source]);
      const account = accounts.get(key) ?? createAccount();
      accounts.set(key, account);
      return account;
    },
  };
}

function createAccount(): Account {
  let restUntil = 0;
  let refused: { token: string; until: number } | null = null;
  let underWay = 0;
  const waiting: (() => void)[] = [];

  return {
    restsUntil: (now) => (restUntil > now ? restUntil : null),
    rest(until) {
      restUntil = Math.max(restUntil, until);
    },
    isRefused: (token, now) => refused?.token === token && refused.until > now,
    refuse(token, now) {
      refused = { token, until: now + REFUSED_MS };
    },
    async take(work) {
      if (underWay >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
      else underWay += 1;
      try {
        return await work();
      } finally {
        // Its place goes to the next one, or is free.
        const next = waiting.shift();
        if (next === undefined) underWay -= 1;
        else next();
      }
    },
  };
}
