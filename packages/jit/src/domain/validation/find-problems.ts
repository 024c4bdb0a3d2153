import { badEventLines } from './bad-event-lines.ts';
import { caseClashes } from './case-clashes.ts';
import { claimsUndoneByGit } from './claims-undone-by-git.ts';
import { claimsWithoutLease } from './claims-without-lease.ts';
import { cycles } from './cycles.ts';
import { danglingEdges } from './dangling-edges.ts';
import { deletedAndEdited } from './deleted-and-edited.ts';
import { doneWithOpenGate } from './done-with-open-gate.ts';
import { doubleClaims } from './double-claims.ts';
import { duplicateEdges } from './duplicate-edges.ts';
import type { Finding } from './finding.ts';
import { inProgressWithoutClaim } from './in-progress-without-claim.ts';
import { indexDrift } from './index-drift.ts';
import { invalidConfig } from './invalid-config.ts';
import { mergeConflictFields } from './merge-conflict-fields.ts';
import { orphanEvents } from './orphan-events.ts';
import { pendingWrites } from './pending-writes.ts';
import type { TrackerFacts } from './tracker-facts.ts';
import { unknownGates } from './unknown-gates.ts';
import { unreadableFiles } from './unreadable-files.ts';

const RULES: readonly ((facts: TrackerFacts) => readonly Finding[])[] = [
  unreadableFiles,
  caseClashes,
  cycles,
  danglingEdges,
  unknownGates,
  doneWithOpenGate,
  duplicateEdges,
  claimsUndoneByGit,
  inProgressWithoutClaim,
  claimsWithoutLease,
  doubleClaims,
  deletedAndEdited,
  mergeConflictFields,
  orphanEvents,
  badEventLines,
  pendingWrites,
  indexDrift,
];

/**
 * Everything that is wrong, errors first, else in the order of the rules.
 * @param configProblems what is wrong with the settings of the tracker
 */
export function findProblems(
  facts: TrackerFacts,
  configProblems: readonly string[] = [],
): readonly Finding[] {
  const found = [...invalidConfig(configProblems), ...RULES.flatMap((rule) => rule(facts))];
  const errors = found.filter(({ severity }) => severity === 'error');
  return [...errors, ...found.filter(({ severity }) => severity === 'warning')];
}
