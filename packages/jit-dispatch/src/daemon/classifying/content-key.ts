import { createHash } from 'node:crypto';
import type { TrackerIssue } from '../../tracker/tracker.ts';

/** What a class may depend on, besides title and labels. */
const FIELDS = ['description', 'acceptance_criteria', 'documents', 'metadata'] as const;

/**
 * A text that tells what a class depends on from everything else: the content of an issue, and the program
 * that is asked about it. State, priority, claims and times are no part of it.
 */
export function contentKey(
  { title, labels, whole }: TrackerIssue,
  argv: readonly string[],
): string {
  const facts = typeof whole === 'object' && whole !== null ? whole : {};
  const fields = FIELDS.map((name) => (facts as Readonly<Record<string, unknown>>)[name] ?? null);
  const own = labels.filter((label) => !isOfDispatchers(label)).sort();
  const content = [argv, title, own, ...fields];
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('hex');
}

/** Labels and wishes that dispatchers put there say nothing about the work. */
function isOfDispatchers(name: string): boolean {
  return /^dispatch[.:]/.test(name);
}

/** The order in which the tracker prints keys says nothing. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const own = Object.entries(value).filter(([key]) => !isOfDispatchers(key));
  return Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}
