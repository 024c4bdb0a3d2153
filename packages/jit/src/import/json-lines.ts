import { JitError } from '@jit/contract/errors';

/** One line of a JSONL file that could be read; lines count from 1. */
export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

/** A line that could not be read, and why. */
export interface BadLine {
  readonly line: number;
  readonly problem: string;
}

/** A JSONL file, with nothing left out: every line that is not blank is in one of the two lists. */
export interface JsonLines {
  readonly lines: readonly JsonLine[];
  readonly bad: readonly BadLine[];
}

const CONFLICT_MARKER = /^(<{7}|={7}|>{7}|\|{7})( |$)/;

/** Reads a JSONL file line by line. */
export function parseJsonLines(text: string): JsonLines {
  const lines: JsonLine[] = [];
  const bad: BadLine[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    if (raw.trim() === '') continue;
    if (CONFLICT_MARKER.test(raw)) bad.push({ line, problem: 'a conflict marker of a merge' });
    else {
      try {
        lines.push({ line, value: JSON.parse(raw) });
      } catch (error) {
        bad.push({ line, problem: `no JSON: ${error instanceof Error ? error.message : error}` });
      }
    }
  }
  return { lines, bad };
}

/** Reads one JSON document; what is wrong with it comes back as a problem in words. */
export function parseJsonFile(text: string): { value: unknown } | { problem: string } {
  const marked = text.split(/\r?\n/).findIndex((line) => CONFLICT_MARKER.test(line));
  if (marked >= 0) return { problem: `a conflict marker of a merge in line ${marked + 1}` };
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    return { problem: `no JSON: ${error instanceof Error ? error.message : error}` };
  }
}

/** A source that can't be taken as it is: exit 4 naming every place; nothing is imported. */
export function unreadableSource(
  places: readonly { readonly where: string; readonly problem: string }[],
): JitError {
  const named = places.map(({ where, problem }) => `${where}: ${problem}`).join('; ');
  return new JitError('invalid', 'SOURCE_UNREADABLE', `nothing was imported: ${named}`, {
    hint: 'Put these places right in the source, then import it again.',
    details: { places },
  });
}
