import type { ClassifierProgram } from '../../config/choosing.ts';
import type { Classification } from '../../ledger/classifications.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ToldClass } from '../../planning/assessing/told-class.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import { contentKey } from './content-key.ts';

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
  program: ClassifierProgram,
): ReadonlyMap<string, ToldClass> {
  return classesOf(readKept(ledger, issues, program), program);
}

/** What these rows say, by id. */
export function classesOf(
  kept: readonly Kept[],
  program: ClassifierProgram,
): ReadonlyMap<string, ToldClass> {
  return new Map(kept.map(({ issue, row }) => [issue.id, toTold(row, program)]));
}

/** The issues, in their order, with what the ledger knows of them. */
export function readKept(
  ledger: Ledger | null,
  issues: readonly TrackerIssue[],
  { argv }: ClassifierProgram,
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

function toTold(row: Classification | null, { retrySecs }: ClassifierProgram): ToldClass {
  if (row === null) return { is: 'asked' };
  const { class: name, confidence, detail, failed, at } = row;
  if (name !== null && confidence !== null)
    return { is: 'told', class: name, confidence, detail: detail ?? '' };
  const retryAt = new Date(Date.parse(at) + retrySecs * 1000).toISOString();
  return { is: 'failed', message: failed ?? '', retryAt };
}
