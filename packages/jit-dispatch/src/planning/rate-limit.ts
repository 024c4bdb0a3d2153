/** The longest wait that a provider's words are believed, in seconds: a day. After that it is tried once. */
const MAX_WAIT_SECS = 24 * 3600;

/**
 * What programs print when a provider asks for patience. Narrow on purpose: an agent that worked on the
 * rate limits of a program talks about them, too, and its failure has to count.
 */
const SIGNS: readonly RegExp[] = [
  /\b(?:http|status|code|error|response)\b[^\n]{0,20}\b429\b/i,
  /\btoo many requests\b/i,
  /\brate[ _-]?limit(?:ed\b|[ _-]?(?:error|exceeded|reached|hit))/i,
  /\brate[ _-]?limit\b[^\n]{0,20}\b(?:exceeded|reached|hit)\b/i,
  /\b(?:exceeded|reached|hit)\b[^\n]{0,30}\b(?:rate[ _-]?limit|quota|usage limit)\b/i,
  /(?<!\bdisk )\b(?:quota|usage limit)\b[^\n]{0,30}\b(?:exceeded|reached|exhausted|hit)\b/i,
  /\b(?:insufficient_quota|resource_exhausted|overloaded_error)\b/i,
  /\b(?:server|model|api|service|engine|provider)s?\b[^\n]{0,20}\boverloaded\b/i,
];

const UNIT = '(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)';
const WAIT_WORDS = new RegExp(
  `\\b(?:retry[ _-]after|(?:try again|retry|retrying) in)["']?[ :=]{1,3}["']?(\\d{1,9}(?:\\.\\d+)?) ?${UNIT}\\b`,
  'gi',
);
const WAIT_FIELD =
  /\bretry[ _-]after(_ms|-ms)?["']?\s*[:=]\s*["']?(\d{1,9}(?:\.\d+)?)(?![\d.]| ?[a-z])/gi;
const WAIT_DATE =
  /\bretry-after["']?\s*[:=]\s*["']?([A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)/gi;
const RESET_TIME =
  /\breset(?:s|_at|_time)?\b[^\n]{0,30}?(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))/gi;
const RESET_EPOCH = /\b(?:reset(?:s|_at|_time)?|limit reached)\b[^\n\d]{0,20}(\d{13}|\d{10})\b/gi;

/** Whether the end of what a failed agent printed says that a provider asked for patience. */
export function saysRateLimit(output: string, pattern: RegExp | null): boolean {
  if (
    pattern !== null &&
    new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(output)
  )
    return true;
  return SIGNS.some((sign) => sign.test(output));
}

/** What the length of a pause depends on. */
export interface PauseTerms {
  /** When the agent ended, in milliseconds since 1970. */
  readonly endedAtMs: number;
  /** Where nobody says how long, in seconds. */
  readonly defaultSecs: number;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * How long an account rests, in seconds: as long as the provider said last, by `Retry-After`, in words
 * or as the time of a reset, and up to a tenth more; else the default, and up to half more. So accounts
 * that were stopped together don't come back together.
 */
export function pauseSecs(output: string, { endedAtMs, defaultSecs, random }: PauseTerms): number {
  const said = waitOf(output, endedAtMs);
  if (said === null) return Math.ceil(defaultSecs * (1 + random / 2));
  return Math.ceil(Math.min(Math.max(said, 1), MAX_WAIT_SECS) * (1 + random / 10));
}

/** The wait that was named last, in seconds, or null. */
function waitOf(output: string, endedAtMs: number): number | null {
  const until = (timeMs: number): number => (timeMs - endedAtMs) / 1000;
  const all = [
    ...found(output, WAIT_WORDS, ([, number, unit]) => Number(number) * secondsOf(unit ?? 's')),
    ...found(
      output,
      WAIT_FIELD,
      ([, ms, number]) => Number(number) / (ms === undefined ? 1 : 1000),
    ),
    ...found(output, WAIT_DATE, ([, date]) => until(Date.parse(date ?? ''))),
    ...found(output, RESET_TIME, ([, time]) => until(Date.parse(time ?? ''))),
    ...found(output, RESET_EPOCH, ([, text = '']) =>
      until(Number(text) * (text.length === 10 ? 1000 : 1)),
    ),
  ].filter(({ secs }) => Number.isFinite(secs));
  const [last] = all.sort((a, b) => b.index - a.index);
  return last?.secs ?? null;
}

function found(
  output: string,
  pattern: RegExp,
  secsOf: (match: RegExpExecArray) => number,
): { index: number; secs: number }[] {
  return [...output.matchAll(pattern)].map((match) => ({
    index: match.index,
    secs: secsOf(match),
  }));
}

function secondsOf(unit: string): number {
  const word = unit.toLowerCase();
  if (word.startsWith('ms') || word.startsWith('milli')) return 0.001;
  if (word.startsWith('h')) return 3600;
  return word.startsWith('m') ? 60 : 1;
}
