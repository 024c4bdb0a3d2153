/** What people wrote about an issue, as far as it says what kind of work it is. */
export interface IssueText {
  readonly title: string;
  readonly labels: readonly string[];
  readonly description: string;
  readonly acceptance_criteria: readonly string[];
  readonly documents: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** False: the tracker could not show it, and only title and labels are known. */
  readonly isWhole: boolean;
}

/** Title, description and criteria as one text. */
export function proseOf({ title, description, acceptance_criteria }: IssueText): string {
  return [title, description, ...acceptance_criteria].join('\n');
}

/** The values of labels with that key: `rust` of `skill:rust`. */
export function labelValues(labels: readonly string[], key: string): string[] {
  const start = `${key}:`;
  return labels.flatMap((label) => {
    const value = label.toLowerCase().startsWith(start) ? label.slice(start.length).trim() : '';
    return value === '' ? [] : [value];
  });
}

/** A name as it is compared: `Code-Review` is `code_review`. */
export function foldName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** So much of a word that was found is repeated where a decision is told. */
const MAX_SAID = 100;

/** A word of an issue, as far as it is repeated: a beginning of a word finds however long it goes on. */
export function said(word: string): string {
  return word.length <= MAX_SAID ? word : `${word.slice(0, MAX_SAID)}…`;
}
