import type { MappedPart, RepairedPart, ReportParts, SkippedPart } from './source.ts';

/** Collects what an import does, one entry per kind of thing, with counts and subjects. */
export interface Report {
  /** Something became something else; give a subject where this issue was decided on its own. */
  mapped(what: string, from: string, to: string, subject?: string): void;
  /** Something does not come over. */
  skipped(what: string, why: string, subject: string): void;
  /** Something was wrong in the source and was put right. */
  repaired(what: string, how: string, subject: string): void;
  /** Everything so far, in the order in which each kind was first met. */
  parts(): ReportParts;
}

interface Entry {
  readonly words: readonly [string, string, string];
  count: number;
  readonly subjects: Set<string>;
}

/** Makes an empty report. */
export function newReport(): Report {
  const mapped = new Map<string, Entry>();
  const skipped = new Map<string, Entry>();
  const repaired = new Map<string, Entry>();
  return {
    mapped: (what, from, to, subject) => note(mapped, [what, from, to], subject),
    skipped: (what, why, subject) => note(skipped, [what, why, ''], subject),
    repaired: (what, how, subject) => note(repaired, [what, how, ''], subject),
    parts: () => ({
      mapped: [...mapped.values()].map(({ words: [what, from, to], ...rest }): MappedPart => {
        return { what, from, to, ...counted(rest) };
      }),
      skipped: [...skipped.values()].map(({ words: [what, why], ...rest }): SkippedPart => {
        return { what, why, ...counted(rest) };
      }),
      repaired: [...repaired.values()].map(({ words: [what, how], ...rest }): RepairedPart => {
        return { what, how, ...counted(rest) };
      }),
    }),
  };
}

function note(entries: Map<string, Entry>, words: Entry['words'], subject?: string): void {
  const key = JSON.stringify(words);
  const entry = entries.get(key) ?? { words, count: 0, subjects: new Set() };
  entry.count += 1;
  if (subject !== undefined) entry.subjects.add(subject);
  entries.set(key, entry);
}

function counted(entry: Pick<Entry, 'count' | 'subjects'>): {
  count: number;
  subjects: readonly string[];
} {
  return { count: entry.count, subjects: [...entry.subjects] };
}
