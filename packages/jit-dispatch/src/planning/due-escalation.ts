/** How often people are told. */
export interface RepeatRules {
  readonly repeatSecs: number;
  /** Times after the first one. */
  readonly repeats: number;
}

/** What was told so far. */
export interface Told {
  readonly escalated_at: string | null;
  readonly told: number;
  /** Null with `told` above 0: it is not known whether the last time came about. */
  readonly told_at: string | null;
}

/**
 * What is to be done about an open escalation: `resume` where it is not known whether the tracker has
 * it, `tell` where people were not told surely, `remind` where it is time to, else `wait`. It is over when
 * a person has cleared it, however often it was said.
 */
export function dueEscalation(
  { escalated_at, told, told_at }: Told,
  { repeatSecs, repeats }: RepeatRules,
  now: number,
): 'resume' | 'tell' | 'remind' | 'wait' {
  if (escalated_at === null) return 'resume';
  if (told_at === null) return 'tell';
  if (told > repeats) return 'wait';
  return now - Date.parse(told_at) >= repeatSecs * 1000 ? 'remind' : 'wait';
}
