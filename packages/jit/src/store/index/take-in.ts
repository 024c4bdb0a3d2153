import type { ClaimRecord } from '../../domain/holding.ts';
import type { Issue } from '../../domain/issue.ts';
import { gateProblem, tryParseIssue } from '../files/documents.ts';
import type { IndexDb } from './index-db.ts';
import { noteCycles } from './known-cycles.ts';
import type { FoundDocument, OutsideChanges } from './outside.ts';

/** Takes changes into the index, within one transaction of the index. */
export function takeIn(index: IndexDb, changes: OutsideChanges): void {
  for (const found of changes.documents) {
    if (found.folder === 'issues') takeInIssue(index, found);
    else takeInGate(index, found);
  }
  noteCycles(
    index,
    changes.documents.filter(({ folder }) => folder === 'issues').map(({ name }) => name),
  );
  for (const found of changes.restamped) {
    index.setMark(found.folder, found.name, found.mark, found.settled);
  }
  for (const { folder, mark, settled } of changes.folders) index.setFolder(folder, mark, settled);
  if (changes.watchTurn !== null) index.setWatchTurn(changes.watchTurn);
}

function takeInIssue(index: IndexDb, found: FoundDocument): void {
  const { name, raw, mark, settled } = found;
  index.addUnsettled(name);
  for (const dependent of index.dependents(name)) index.addUnsettled(dependent);
  if (raw === null) {
    index.remove('issues', name);
    return;
  }
  const { issue, problem } = tryParseIssue(raw, name);
  index.putIssue(name, raw, issue, problem, mark, settled);
}

function takeInGate(index: IndexDb, found: FoundDocument): void {
  const { name, raw, mark, settled } = found;
  for (const row of index.unfinished()) {
    if (row.raw.includes(JSON.stringify(name))) index.addUnsettled(row.name);
  }
  if (raw === null) index.remove('gates', name);
  else index.putGate(name, raw, gateProblem(raw, name), mark, settled);
}

/** The claim in an issue file of this origin whose record was lost: it runs one full term from now on. */
export function lostRecord(issue: Issue, record: ClaimRecord | undefined, origin: string): boolean {
  if (issue.claim === null || issue.claim.origin !== origin) return false;
  return record === undefined || record.attempt < issue.attempt;
}
