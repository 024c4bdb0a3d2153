import type { Priority } from '@jit/contract/vocabulary';

/** An issue as a document of new issues writes it; references are not looked up yet. */
export interface WrittenIssue {
  /** Its place in the document, for messages: `[3]`. */
  readonly place: string;
  /** The name by which others of the document depend on it; null: none can. */
  readonly key: string | null;
  readonly title: string;
  readonly description: string | undefined;
  readonly acceptance_criteria: readonly string[] | undefined;
  readonly priority: Priority | undefined;
  readonly assignee: string | undefined;
  readonly labels: readonly string[] | undefined;
  /** Local keys, ids, or beginnings of ids. */
  readonly depends_on: readonly string[];
  readonly gates: readonly string[] | undefined;
  readonly defer_until: string | null | undefined;
  readonly documents: readonly string[] | undefined;
  readonly links: Readonly<Record<string, string>> | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** What is wrong with a document of new issues, and where. */
export interface DocumentProblem {
  /** `[3].depends_on[0]` */
  readonly place: string;
  readonly kind: 'usage' | 'not_found' | 'invalid';
  readonly code: string;
  readonly message: string;
  /** The word that is not known, where a near one may be meant. */
  readonly typed?: string;
  readonly accepted?: readonly string[];
}
