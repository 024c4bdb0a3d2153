import type { WorkClass } from '@jit/contract/vocabulary';
import type { Prepare } from './statements.ts';

/** What a program last said of a content, or how it failed to, as the ledger holds it. */
export interface Classification {
  /** What tells the content, and the program that was asked, from all others. */
  readonly content: string;
  /** Null where it failed. */
  readonly class: WorkClass | null;
  /** From 0 to 1; null where it failed. */
  readonly confidence: number | null;
  readonly detail: string | null;
  /** Why there is no answer, in words; null: there is one. */
  readonly failed: string | null;
  /** When it was said, RFC 3339; an answer that is still needed is kept anew now and then. */
  readonly at: string;
}

/** What the ledger knows about classes that programs told. */
export interface ClassificationTable {
  /** Takes the place of what was said of the same content before. */
  keepClassification(classification: Classification): void;
  /** What is known of these contents. */
  classifications(contents: readonly string[]): Classification[];
  /** Forgets what was said before a time (RFC 3339). */
  forgetClassifications(before: string): void;
}

/** Classifications in an open ledger. They are no journal: a program can be asked again. */
export function classificationTable(prepare: Prepare): ClassificationTable {
  return {
    keepClassification(classification) {
      prepare<[object]>(
        `INSERT OR REPLACE INTO classifications
           VALUES (@content, @class, @confidence, @detail, @failed, @at)`,
      ).run(classification);
    },
    classifications: (contents) =>
      contents.length === 0
        ? []
        : prepare<[string], Classification>(
            `SELECT * FROM classifications
               WHERE content IN (SELECT value FROM json_each(?)) ORDER BY content`,
          ).all(JSON.stringify(contents)),
    forgetClassifications(before) {
      prepare<[string]>('DELETE FROM classifications WHERE at < ?').run(before);
    },
  };
}
