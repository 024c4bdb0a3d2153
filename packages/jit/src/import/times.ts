/** A moment with all its digits: milliseconds, and what is below them. */
export interface ExactTime {
  readonly ms: number;
  /** The digits of the fraction below a millisecond, without trailing zeros. */
  readonly below: string;
}

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*([Zz]|[+-]\d\d:?\d\d)?)?$/;

/** Go's zero time stands for "no time" in foreign files. */
const ZERO_YEAR = '0001';

/** Reads an RFC 3339 time with any offset and any number of digits; without an offset it is UTC. */
export function parseTime(text: unknown): ExactTime | null {
  const match = typeof text === 'string' ? TIME.exec(text.trim()) : null;
  const [, date, clock = '00:00:00', fraction = '', offset = 'Z'] = match ?? [];
  if (date === undefined || date.startsWith(ZERO_YEAR)) return null;
  const digits = fraction.padEnd(3, '0');
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  const zone = offset.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const ms = Date.parse(`${date}T${seconds}.${digits.slice(0, 3)}${zone}`);
  return Number.isNaN(ms) ? null : { ms, below: digits.slice(3).replace(/0+$/, '') };
}

/** The time as our files hold it: UTC, milliseconds, `Z`. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Reads and writes in one step: UTC milliseconds, or null where the text is no time. */
export function normaliseTime(text: unknown): string | null {
  const time = parseTime(text);
  return time === null ? null : formatTime(time.ms);
}

/** Orders times by all their digits. */
export function compareTimes(a: ExactTime, b: ExactTime): number {
  return a.ms - b.ms || (a.below < b.below ? -1 : a.below > b.below ? 1 : 0);
}

/** Times in our form by key, and the keys whose time had to be moved to keep the order. */
export interface OrderedTimes {
  readonly times: ReadonlyMap<string, string>;
  readonly moved: readonly string[];
}

/**
 * Cuts times to milliseconds without losing their order: of two that differ below a millisecond the
 * later one is put one millisecond later. Equal times stay equal.
 */
export function cutInOrder(
  entries: readonly { readonly key: string; readonly time: ExactTime }[],
): OrderedTimes {
  const times = new Map<string, string>();
  const moved: string[] = [];
  let last: { time: ExactTime; ms: number } | null = null;
  for (const { key, time } of entries.toSorted((a, b) => compareTimes(a.time, b.time))) {
    const equal = last !== null && compareTimes(last.time, time) === 0;
    const ms: number = last === null ? time.ms : equal ? last.ms : Math.max(time.ms, last.ms + 1);
    if (ms !== time.ms) moved.push(key);
    times.set(key, formatTime(ms));
    last = { time, ms };
  }
  return { times, moved };
}
