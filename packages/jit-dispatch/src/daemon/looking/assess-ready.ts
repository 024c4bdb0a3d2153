import { isDeepStrictEqual } from 'node:util';
import type { DispatchConfig } from '../../config/config.ts';
import { type Assessment, assess } from '../../planning/assessing/assess.ts';
import { type IssueText, proseOf } from '../../planning/assessing/issue-text.ts';
import type { ToldClass } from '../../planning/assessing/told-class.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import { issueText } from './issue-text.ts';

/** What the program that classifies said, by id; empty where there is none. */
export type ToldClasses = ReadonlyMap<string, ToldClass>;

/** Characters of a text for about one token. */
const CHARS_PER_TOKEN = 4;

interface Kept {
  readonly text: IssueText;
  readonly told: ToldClass | undefined;
  readonly assessment: Assessment;
}

/** What was found out of the issues of a list, and by which rules: an issue that did not change is not read again. */
const kept = new WeakMap<DispatchConfig['choosing'], Map<string, Kept>>();

/** Assesses ready issues by the configuration. */
export function assessReady(
  { choosing }: Pick<DispatchConfig, 'choosing'>,
  ready: readonly { readonly key: string; readonly issue: TrackerIssue }[],
  told: ToldClasses,
): ReadonlyMap<string, Assessment> {
  const before = kept.get(choosing);
  const now = new Map<string, Kept>();
  for (const { key, issue } of ready) {
    const text = issueText(issue);
    const answer = told.get(key);
    const last = before?.get(key);
    const isSame = last !== undefined && isDeepStrictEqual([last.text, last.told], [text, answer]);
    now.set(key, isSame ? last : read(choosing, text, answer));
  }
  kept.set(choosing, now);
  return new Map([...now].map(([key, { assessment }]) => [key, assessment]));
}

function read(
  rules: DispatchConfig['choosing'],
  text: IssueText,
  told: ToldClass | undefined,
): Kept {
  const tokens = Math.ceil(proseOf(text).length / CHARS_PER_TOKEN);
  return { text, told, assessment: assess(text, rules, { told, tokens }) };
}
