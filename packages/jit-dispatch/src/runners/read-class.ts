import { WORK_CLASSES, type WorkClass } from '@jit/contract/vocabulary';

/** What a program that tells classes answered. */
export type ClassAnswer =
  | {
      readonly is: 'told';
      readonly class: WorkClass;
      /** From 0 to 1. */
      readonly confidence: number;
      /** Why, in its words; empty where it gave none. */
      readonly detail: string;
    }
  /** Why there is no answer, in words. */
  | { readonly is: 'failed'; readonly message: string };

/**
 * Reads what a program printed: one JSON document with `class`, `confidence` and, if it likes, `detail`.
 * What else is in it is passed over.
 */
export function readClass(printed: string): ClassAnswer {
  const text = printed.trim();
  if (text === '') return failed('printed nothing');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return failed(`did not print one JSON document: ${text}`);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return failed(`printed JSON that is no object: ${text}`);
  const { class: name, confidence, detail = '' } = document as Readonly<Record<string, unknown>>;
  const known = WORK_CLASSES.find((each) => each === name);
  if (known === undefined)
    return failed(`printed no class of ${WORK_CLASSES.join(', ')}: ${shown(name)}`);
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1))
    return failed(`printed no confidence from 0 to 1: ${shown(confidence)}`);
  if (typeof detail !== 'string')
    return failed(`printed a detail that is no text: ${shown(detail)}`);
  return { is: 'told', class: known, confidence, detail };
}

function failed(message: string): ClassAnswer {
  return { is: 'failed', message };
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'none';
}
