import type { WorkClass } from '@jit/contract/vocabulary';
import type { ClassificationConfig, Signals } from '../../config/choosing.ts';
import { type IssueText, labelValues, proseOf, said } from './issue-text.ts';
import type { ToldClass } from './told-class.ts';
import { type Wishes, wishesOf } from './wishes.ts';

/** Who an issue is for. */
export interface Classification {
  readonly class: WorkClass;
  /** 0 to 1. */
  readonly confidence: number;
  readonly by: 'wish' | 'label' | 'command' | 'keywords';
  readonly detail: string;
  /** Below the threshold: a person has to be there. Never for what a person said. */
  readonly isUnsure: boolean;
}

/** Why it is not known yet who an issue is for. */
export interface Unclassified {
  readonly reason: 'classifying' | 'classification_failed';
  readonly detail: string;
}

/** Who an issue is for; null: nobody asks, and any agent may have it. */
export type Classed =
  | { readonly is: 'classed'; readonly classification: Classification }
  | { readonly is: 'unclassified'; readonly why: Unclassified }
  | null;

/**
 * Who an issue is for: by a wish, else by a label `class:`, else as the configuration says: by a program's
 * answer, by keywords, or not at all.
 */
export function classOf(
  text: IssueText,
  { class: wished }: Pick<Wishes, 'class'>,
  config: ClassificationConfig,
  told: ToldClass | undefined,
): Classed {
  const forced = forcedClass(text, wished);
  if (forced !== null) return classed(forced.class, 1, { ...forced, isUnsure: false });
  if (config.by === 'none') return null;
  // What is not known may be for a person.
  if (!text.isWhole)
    return classed('ai', 0, {
      by: 'keywords',
      detail: 'the tracker does not show its text',
      isUnsure: true,
    });
  if (config.by === 'keywords') return byKeywords(text, config);
  if (told?.is === 'told') {
    const { class: answer, confidence, detail } = told;
    const isUnsure = confidence < config.threshold;
    return classed(answer, confidence, { by: 'command', detail, isUnsure });
  }
  if (config.onFailure === 'keywords' && told?.is === 'failed') return byKeywords(text, config);
  const why: Unclassified =
    told?.is === 'failed'
      ? {
          reason: 'classification_failed',
          detail: `the program that classifies it failed: ${told.message}; asked again at ${told.retryAt}`,
        }
      : {
          reason: 'classifying',
          detail: 'the program that classifies it has not answered yet; only cycles ask it',
        };
  return { is: 'unclassified', why };
}

/** Whether the issue itself says it, by a wish or a label: then nobody has to be asked. */
export function isForced(text: IssueText): boolean {
  return forcedClass(text, wishesOf(text).class) !== null;
}

function forcedClass(
  { labels }: IssueText,
  wished: WorkClass | null,
): { class: WorkClass; by: 'wish' | 'label'; detail: string } | null {
  if (wished !== null) return { class: wished, by: 'wish', detail: 'asked for' };
  const values = labelValues(labels, 'class').map((value) => value.toLowerCase());
  const known = CAREFUL.find((each) => values.includes(each));
  return known === undefined ? null : { class: known, by: 'label', detail: `label class:${known}` };
}

/** The careful one first: it wins where labels name several, or as many words speak for it. */
const CAREFUL: readonly WorkClass[] = ['human', 'hybrid', 'ai'];
/** Nothing speaks for a person. */
const NO_WORD = 0.75;

/** The confidence grows with the words that speak for a class, and falls with those for others. */
function byKeywords(text: IssueText, config: ClassificationConfig): Classed {
  const prose = proseOf(text);
  const found = CAREFUL.map((each) => ({ class: each, words: wordsIn(prose, config[each]) }));
  const total = found.reduce((sum, { words }) => sum + words.length, 0);
  const best = found.reduce((most, each) => (each.words.length > most.words.length ? each : most));
  const confidence = total === 0 ? NO_WORD : round(0.5 + (0.5 * best.words.length) / (total + 1));
  const decided = total === 0 ? 'ai' : best.class;
  const told = found.flatMap(({ class: each, words }) =>
    words.length === 0 ? [] : `${words.join(', ')} (${each})`,
  );
  const detail = total === 0 ? 'no word speaks for a person' : told.join('; ');
  const isUnsure = confidence < config.threshold;
  return classed(decided, confidence, { by: 'keywords', detail, isUnsure });
}

function wordsIn(prose: string, { keywords }: Signals): string[] {
  return keywords.flatMap(({ pattern }) => {
    const found = pattern.exec(prose)?.[0];
    return found === undefined ? [] : said(found.toLowerCase());
  });
}

function classed(
  name: WorkClass,
  confidence: number,
  facts: Omit<Classification, 'class' | 'confidence'>,
): Classed {
  const { by, detail, isUnsure } = facts;
  return { is: 'classed', classification: { class: name, confidence, by, detail, isUnsure } };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
