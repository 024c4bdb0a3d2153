const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** How long ago, or with a time to come how long until then: `3m`. At most four characters for a year. */
export function ago(time: string, now: string): string {
  const ms = Math.abs(Date.parse(now) - Date.parse(time));
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['s', 1000];
  return `${Math.floor(ms / size)}${unit}`;
}
