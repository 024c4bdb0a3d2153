import type { Gate } from '../../domain/gate.ts';
import type { Issue, MergeConflict } from '../../domain/issue.ts';
import { mergeIssues } from '../../domain/merge.ts';
import { mergeGates } from '../../domain/merge-gates.ts';
import { sameValue } from '../../domain/merge-values.ts';
import type { Folder } from '../layout.ts';
import { gateText, issueText, parseGate, parseIssue, Unreadable } from './codec.ts';

/** Three versions of a document; `base` empty or null: both sides made it. */
export interface Versions {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
}

/** What became of a merge: one text, or the reason why there is none. */
export type MergedDocument =
  | {
      readonly text: string;
      /** Fields that both sides had changed, in the text or not. */
      readonly conflicts: readonly MergeConflict[];
    }
  | { readonly text: null; readonly why: string };

type Stays = (conflict: MergeConflict) => boolean;

/**
 * Merges three versions of an issue or gate file, field by field. `stays` says which of the values that
 * lost are noted in the text; the caller tells the others elsewhere.
 */
export function mergeDocuments(
  folder: Folder,
  name: string,
  versions: Versions,
  stays: Stays = () => true,
): MergedDocument {
  const base = versions.base === '' ? null : versions.base;
  const { ours, theirs } = versions;
  // The same text twice, or one side untouched: what it says does not matter.
  if (ours === theirs || base === theirs) return { text: ours, conflicts: [] };
  if (base === ours) return { text: theirs, conflicts: [] };
  try {
    return folder === 'issues'
      ? mergeIssueTexts(name, { base, ours, theirs }, stays)
      : mergeGateTexts(name, { base, ours, theirs }, stays);
  } catch (error) {
    if (error instanceof Unreadable) return { text: null, why: error.message };
    throw error;
  }
}

function mergeIssueTexts(name: string, versions: Versions, stays: Stays): MergedDocument {
  const [base, ours, theirs] = parseAll<Issue>(versions, (text) => parseIssue(text, name));
  const { issue, conflicts } = mergeIssues(base, ours, theirs);
  return {
    text: issueText({ ...issue, conflicts: noted(issue.conflicts, conflicts.filter(stays)) }),
    conflicts,
  };
}

function mergeGateTexts(name: string, versions: Versions, stays: Stays): MergedDocument {
  const [base, ours, theirs] = parseAll<Gate>(versions, (text) => parseGate(text, name));
  const { gate, conflicts } = mergeGates(base, ours, theirs);
  return {
    text: gateText({ ...gate, conflicts: noted(gate.conflicts ?? [], conflicts.filter(stays)) }),
    conflicts,
  };
}

/** Old conflicts and new ones; the same merge made once more adds nothing. */
function noted(
  old: readonly MergeConflict[],
  found: readonly MergeConflict[],
): readonly MergeConflict[] {
  return [...old, ...found.filter((each) => !old.some((known) => sameValue(known, each)))];
}

function parseAll<T>(
  { base, ours, theirs }: Versions,
  parse: (text: string) => T,
): [T | null, T, T] {
  const named = (side: string, text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof Unreadable) throw new Unreadable(`of ${side}: ${error.message}`);
      throw error;
    }
  };
  const [kept, other] = [named('ours', ours), named('theirs', theirs)];
  return [base === null ? null : named('the common ancestor', base), kept, other];
}
