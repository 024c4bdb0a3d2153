import type { Issue } from './issue.ts';
import { byCodeUnit, isUnfinished } from './issue.ts';

/** One thing to look for: tokens that follow each other in one text. */
export interface SearchWord {
  readonly tokens: readonly string[];
  /** The last token may be the beginning of a longer one. */
  readonly prefix: boolean;
}

/** Scripts that are written without spaces: each sign is a token, a word of several is a phrase. */
const TOKEN =
  /(?=[\p{L}\p{N}])[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}])[\p{L}\p{N}])+/gu;

/** The tokens of a text: runs of letters and digits, without case and accents. */
export function tokensOf(text: string): string[] {
  return folded(text).match(TOKEN) ?? [];
}

function folded(text: string): string {
  const lower = text.toLowerCase();
  if (isAscii(lower)) return lower;
  // Taking a letter apart can give capitals again.
  return lower.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e\t\n]*$/.test(text);
}

/**
 * What a search text asks for. Words between double quotes are a phrase, taken as they are; of the
 * last word otherwise the beginning is enough. Nothing else in it is syntax.
 */
export function parseSearch(text: string): SearchWord[] {
  const words = [...text.matchAll(/"([^"]*)"|([^\s"]+)/g)].map(([, phrase, word]) => ({
    tokens: tokensOf(phrase ?? word ?? ''),
    isPhrase: phrase !== undefined,
  }));
  const last = words.length - 1;
  return words
    .map(({ tokens, isPhrase }, at) => ({ tokens, prefix: at === last && !isPhrase }))
    .filter(({ tokens }) => tokens.length > 0);
}

/** The texts of an issue that are searched, the most telling first. */
export interface SearchedTexts {
  readonly id: readonly string[];
  readonly title: readonly string[];
  readonly labels: readonly string[];
  readonly body: readonly string[];
  readonly comments: readonly string[];
}

/** What a find in each kind of text is worth; each is worth more than a find in all later ones. */
const WORTH = { id: 32, title: 16, labels: 8, body: 4, comments: 2 } as const;
type Kind = keyof typeof WORTH;
const KINDS = Object.keys(WORTH) as Kind[]; // the keys of that table

/** The searched texts of an issue. */
export function textsOf(issue: Issue, comments: readonly string[]): SearchedTexts {
  return {
    id: [issue.id],
    title: [issue.title],
    labels: issue.labels,
    body: [issue.description, ...issue.acceptance_criteria],
    comments,
  };
}

/**
 * How well an issue fits, or null where a word is in none of its texts. Each word counts where it is
 * worth most; a whole word counts double a beginning.
 */
export function scoreOf(words: readonly SearchWord[], texts: SearchedTexts): number | null {
  const tokens = new Map<Kind, string[][]>();
  const tokensIn = (kind: Kind) => {
    let lists = tokens.get(kind);
    if (lists === undefined) {
      lists = texts[kind].map(tokensOf);
      tokens.set(kind, lists);
    }
    return lists;
  };
  let score = 0;
  for (const word of words) {
    let best = 0;
    for (const kind of KINDS) {
      // A beginning here may be worth less than a whole word in the next kind, not in later ones.
      if (best >= WORTH[kind]) break;
      const found = Math.max(0, ...tokensIn(kind).map((list) => occurs(word, list)));
      best = Math.max(best, (WORTH[kind] * found) / 2);
    }
    if (best === 0) return null;
    score += best;
  }
  return score;
}

/** 2 where the word stands in the text, 1 where only its beginning does, 0 where neither does. */
function occurs({ tokens, prefix }: SearchWord, text: readonly string[]): 0 | 1 | 2 {
  let best: 0 | 1 = 0;
  const last = tokens.length - 1;
  for (let at = 0; at + last < text.length; at += 1) {
    if (tokens.some((token, offset) => offset < last && text[at + offset] !== token)) continue;
    if (text[at + last] === tokens[last]) return 2;
    if (prefix && text[at + last]?.startsWith(tokens[last] ?? '') === true) best = 1;
  }
  return best;
}

/** An issue that fits, with its score. */
export interface Found {
  readonly issue: Issue;
  readonly score: number;
}

/** Best first; of equal ones unfinished before finished, then newest first, then by id. */
export function foundOrder(a: Found, b: Found): number {
  return (
    b.score - a.score ||
    Number(isUnfinished(b.issue)) - Number(isUnfinished(a.issue)) ||
    Date.parse(b.issue.created_at) - Date.parse(a.issue.created_at) ||
    byCodeUnit(a.issue.id, b.issue.id)
  );
}
