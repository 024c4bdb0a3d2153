import type { RiskConfig } from '../../config/choosing.ts';
import { type IssueText, labelValues, proseOf } from './issue-text.ts';
import { pathsIn } from './paths-in.ts';

/** How risky work is. */
export interface Risk {
  /** 0 to 10. */
  readonly score: number;
  readonly threshold: number;
  /** At or above the threshold. */
  readonly isHigh: boolean;
  readonly by: 'label' | 'keyword' | 'path' | 'default' | 'unread';
  readonly detail: string;
}

/** What the words of a label `risk:` stand for; a number from 0 to 10 stands for itself. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['low', 2],
  ['medium', 5],
  ['high', 8],
  ['critical', 10],
]);

/** So many findings are told; the score is of all. */
const TOLD = 10;

/**
 * The risk of an issue, or null where none is looked at: by a label `risk:`, else the highest score of
 * what the map finds in its text, its documents and the paths it names, else the map's default. An issue that could
 * not be read has the highest.
 */
export function riskOf(text: IssueText, { map, threshold }: RiskConfig): Risk | null {
  const labelled = labelValues(text.labels, 'risk').flatMap((value) => scoreOf(value) ?? []);
  if (map === null && labelled.length === 0) return null;
  const risk = (score: number, by: Risk['by'], detail: string): Risk => ({
    score,
    threshold,
    isHigh: score >= threshold,
    by,
    detail,
  });
  if (labelled.length > 0) {
    const score = Math.max(...labelled);
    return risk(score, 'label', `its label says ${score}`);
  }
  if (map === null) return null;
  if (!text.isWhole) return risk(10, 'unread', 'the tracker does not show its text');
  const prose = proseOf(text);
  const named = pathsIn(prose, text.documents);
  const found = [
    ...map.keywords.flatMap(({ word, pattern, score }) =>
      pattern.test(prose) ? [{ score, by: 'keyword' as const, detail: `"${word}"` }] : [],
    ),
    ...map.paths.flatMap(({ glob, pattern, score }) => {
      // A folder stands for what is in it.
      const path = named.find((each) => pattern.test(each) || pattern.test(`${each}/`));
      return path === undefined
        ? []
        : [{ score, by: 'path' as const, detail: `${path} (${glob})` }];
    }),
  ].sort((a, b) => b.score - a.score);
  const [first] = found;
  if (first === undefined) return risk(map.otherwise, 'default', 'nothing in the risk map fits it');
  const told = found.slice(0, TOLD).map(({ score, detail }) => `${detail} ${score}`);
  const more = found.length > TOLD ? [`${found.length - TOLD} more`] : [];
  return risk(first.score, first.by, [...told, ...more].join(', '));
}

function scoreOf(value: string): number | null {
  const word = WORDS.get(value.toLowerCase());
  if (word !== undefined) return word;
  const score = Number(value);
  return Number.isFinite(score) && score >= 0 && score <= 10 ? score : null;
}
