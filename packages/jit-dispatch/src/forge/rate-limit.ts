/** The parts of an answer that say whether it asks for patience. */
export interface LimitSigns {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/** GitHub asks for at least a minute where it names no time. */
const UNNAMED_MS = 60_000;
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Until when an answer asks to be left alone, in milliseconds since 1970; null: it does not. Forges say so
 * with 429, GitHub with 403 as well, with the time in seconds, as a date, or as the end of the hour.
 */
export function findRetryAt({ status, headers, text }: LimitSigns, now: number): number | null {
  if (status !== 403 && status !== 429) return null;
  const asked = readRetryAfter(headers.get('retry-after'), now);
  const isSpent = headers.get('x-ratelimit-remaining') === '0';
  const isLimit =
    status === 429 ||
    asked !== null ||
    isSpent ||
    /secondary rate limit|abuse detection/i.test(text);
  if (!isLimit) return null;
  const until = asked ?? (isSpent ? readReset(headers.get('x-ratelimit-reset')) : null);
  return Math.min(Math.max(until ?? now + UNNAMED_MS, now), now + LONGEST_MS);
}

function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return now + Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : date;
}

function readReset(value: string | null): number | null {
  return value !== null && /^\d+$/.test(value.trim()) ? Number(value) * 1000 : null;
}
