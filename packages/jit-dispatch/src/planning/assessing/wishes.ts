import { WISH_KEYS, WORK_CLASSES, type WorkClass } from '@jit/contract/vocabulary';
import { foldName, type IssueText, said } from './issue-text.ts';

/** What a person asked for when an issue was handed to dispatchers. It stands in the issue's metadata. */
export interface Wishes {
  /** Gets it and nobody else, in every attempt. */
  readonly to: string | null;
  /** Gets it before others, if it may have it. */
  readonly prefer: string | null;
  /** Don't get it. */
  readonly exclude: readonly string[];
  readonly class: WorkClass | null;
  readonly taskType: string | null;
  /** Tokens of its prompt. */
  readonly tokenBudget: number | null;
  /** Attempts until a person has to look, instead of `retry.lifetime`. */
  readonly maxAttempts: number | null;
  /** What is written there and can't be followed, in words. */
  readonly problems: readonly string[];
}

/** Whether a wish means this agent: agents are told apart whatever the case. */
export function isMeant(wish: string | null, agent: string): boolean {
  return wish?.toLowerCase() === agent.toLowerCase();
}

/** Reads the wishes of an issue. What makes no sense counts as not said, and is told. */
export function wishesOf({ metadata }: Pick<IssueText, 'metadata'>): Wishes {
  const problems: string[] = [];
  const word = (key: string): string | null => {
    const value = metadata[key];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
    if (typeof value === 'number') return String(value);
    problems.push(`${key} is no text`);
    return null;
  };
  const count = (key: string): number | null => {
    const text = word(key);
    if (text === null) return null;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 1) return value;
    problems.push(`${key} is "${said(text)}", no whole number from 1`);
    return null;
  };
  const asked = word(WISH_KEYS.class)?.toLowerCase() ?? null;
  const taskClass = WORK_CLASSES.find((each) => each === asked) ?? null;
  if (asked !== null && taskClass === null)
    problems.push(`${WISH_KEYS.class} is "${said(asked)}", none of ${WORK_CLASSES.join(', ')}`);
  const taskType = word(WISH_KEYS.taskType);
  return {
    to: word(WISH_KEYS.to),
    prefer: word(WISH_KEYS.prefer),
    exclude: (word(WISH_KEYS.exclude) ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    class: taskClass,
    taskType: taskType === null ? null : foldName(taskType),
    tokenBudget: count(WISH_KEYS.tokenBudget),
    maxAttempts: count(WISH_KEYS.maxAttempts),
    problems,
  };
}
