import type { z } from 'zod';
import type { Problem } from './problem.ts';

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
  record: 'a table',
};
const LONGEST = 40;

/** What the schema finds wrong, in words for people; undefined where zod's own words have to do. */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(EXPECTED[issue.expected] ?? issue.expected, input);
    case 'invalid_value':
      return mustBe(issue.values.map((value) => JSON.stringify(value)).join(' or '), input);
    case 'too_small':
      if (typeof input !== 'number') return 'is empty';
      return mustBe(`at least ${issue.minimum}`, input);
    case 'too_big':
      return mustBe(`at most ${issue.maximum}`, input);
    case 'invalid_union':
      // The only one is that of commands.
      return mustBe('a text in quotes or a list of such texts', input);
    default:
      return undefined;
  }
}

/** An issue as a problem; of a union, the part of the value that is wrong, where it has parts. */
export function toProblem(issue: z.core.$ZodIssue): Problem {
  const inner =
    issue.code === 'invalid_union'
      ? issue.errors.flat().find(({ path }) => path.length > 0)
      : undefined;
  const path = [...issue.path, ...(inner?.path ?? [])];
  return {
    path: path.filter((part) => typeof part !== 'symbol'),
    message: (inner ?? issue).message,
  };
}

function mustBe(expected: string, input: unknown): string {
  return input === undefined
    ? `is missing: it must be ${expected}`
    : `must be ${expected}, is ${shown(input)}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    return text.length > LONGEST ? 'a longer text' : `the text ${text}`;
  }
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return value instanceof Date ? 'a date' : 'a table';
}
