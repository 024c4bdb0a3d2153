import { byCodeUnit, toSet } from '../domain/issue.ts';
import type { Finding, FindingCode } from '../domain/validation/finding.ts';
import type { WriteTx } from '../store/store.ts';
import { removeDependencies } from './dependencies.ts';

/** Mends the subject of a finding as it is now. What has been put right meanwhile is left alone. */
type Fixer = (tx: WriteTx, subject: string) => void;

/** How findings are mended that a write has to mend; others go with the look at the tracker itself. */
const FIXERS: Readonly<Partial<Record<FindingCode, Fixer>>> = {
  DUPLICATE_EDGE: writeEdgesOnce,
  DANGLING_EDGE: removeDanglingEdges,
  MERGE_CONFLICT_FIELDS: logConflicts,
};

/** True if a write has to mend this kind of finding. */
export function needsWrite({ code }: Finding): boolean {
  return FIXERS[code] !== undefined;
}

/** Mends what can safely be mended, each change with its event. */
export function fixFindings(tx: WriteTx, findings: readonly Finding[]): void {
  const broken = new Set(tx.unreadable().map(({ path }) => path));
  for (const { code, subject } of findings) {
    const isThere = tx.stateOf(subject) !== 'missing' && !broken.has(`issues/${subject}.json`);
    if (isThere) FIXERS[code]?.(tx, subject);
  }
}

function writeEdgesOnce(tx: WriteTx, id: string): void {
  const issue = tx.mustHave(id);
  const once = toSet(issue.dependencies);
  if (once.length === issue.dependencies.length) return;
  tx.put({ ...issue, dependencies: once });
  const changes = { dependencies: { from: issue.dependencies, to: once } };
  tx.emit({ type: 'issue_updated', issue: id, changes, reason: 'DUPLICATE_EDGE' });
}

function removeDanglingEdges(tx: WriteTx, id: string): void {
  const gone = tx.mustHave(id).dependencies.filter((target) => tx.stateOf(target) === 'missing');
  const targets = [...new Set(gone)].sort(byCodeUnit);
  if (targets.length === 0) return;
  removeDependencies(tx, id, targets, { token: null, override: null });
}

/** Any write of the issue moves what a merge could not decide into the log. */
function logConflicts(tx: WriteTx, id: string): void {
  const issue = tx.mustHave(id);
  if (issue.conflicts.length > 0) tx.put(issue);
}
