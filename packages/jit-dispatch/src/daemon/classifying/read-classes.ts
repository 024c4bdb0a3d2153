import type { Classification } from '../../ledger/classifications.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ToldClass } from '../../planning/assessing/told-class.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import { contentKey } from './content-key.ts';

/** The program that tells of which class an issue is. */
export interface ClassProgram {
  readonly argv: readonly string[];
  /** It is killed when it takes longer. */
  readonly timeoutSecs: number;
  /** After a failure it is asked again this much later. */
  readonly retrySecs: number;
  /** Further variables that it is given of the dispatcher's own environment. */
  readonly passEnv?: readonly string[];
}

/** An issue with what the ledger knows of its content. */
export interface Kept {
  readonly issue: TrackerIssue;
  readonly content: string;
  /** Null where nothing is known. */
  readonly row: Classification | null;
}

/**
 * What is known of the class of issues, by id. Asks nothing and changes nothing: for looks at what a cycle
 * would do.
 * @param ledger null where nothing was ever dispatched
 */
export function readClasses(
  ledger: Ledger | null,
  issues: readonly TrackerIssue[],
  program: ClassProgram,
): ReadonlyMap<string, ToldClass> {
  return classesOf(readKept(ledger, issues, program), program);
}

/** What these rows say, by id. */
export function classesOf(
  kept: readonly Kept[],
  program: ClassProgram,
): ReadonlyMap<string, ToldClass> {
  return new Map(kept.map(({ issue, row }) => [issue.id, toTold(row, program)]));
}

/** The issues, in their order, with what the ledger knows of them. */
export function readKept(
  ledger: Ledger | null,
  issues: readonly TrackerIssue[],
  { argv }: ClassProgram,
): Kept[] {
  const contents = issues.map((issue) => contentKey(issue, argv));
  const rows = new Map(
    (ledger?.classifications([...new Set(contents)]) ?? []).map((row) => [row.content, row]),
  );
  return issues.map((issue, index) => {
    const content = contents[index] ?? '';
    return { issue, content, row: rows.get(content) ?? null };
  });
}

function toTold(row: Classification | null, { retrySecs }: ClassProgram): ToldClass {
  if (row === null) return { is: 'asked' };
  const { class: name, confidence, detail, failed, at } = row;
  if (name !== null && confidence !== null)
    return { is: 'told', class: name, confidence, detail: detail ?? '' };
  const retryAt = new Date(Date.parse(at) + retrySecs * 1000).toISOString();
  return { is: 'failed', message: failed ?? '', retryAt };
}
