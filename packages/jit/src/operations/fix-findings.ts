import type { Issue } from '../domain/issue.ts';
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
  TORN_EVENT_LINE: endLine,
};

/** True if a write has to mend this kind of finding. */
export function needsWrite({ code }: Finding): boolean {
  return FIXERS[code] !== undefined;
}

/** Mends what can safely be mended, each change with its event. */
export function fixFindings(tx: WriteTx, findings: readonly Finding[]): void {
  for (const { code, subject } of findings) FIXERS[code]?.(tx, subject);
}

/** The issue, or null where it is gone or can't be read by now. */
function readable(tx: WriteTx, id: string): Issue | null {
  const isBroken = tx.unreadable().some(({ path }) => path === `issues/${id}.json`);
  return isBroken ? null : (tx.issue(id) ?? null);
}

function endLine(tx: WriteTx, subject: string): void {
  const [, file] = /^\.jit\/(events\/[^/:]+):\d+$/.exec(subject) ?? [];
  if (file !== undefined) tx.endLog(file);
}

function writeEdgesOnce(tx: WriteTx, id: string): void {
  const issue = readable(tx, id);
  if (issue === null) return;
  const once = toSet(issue.dependencies);
  if (once.length === issue.dependencies.length) return;
  tx.put({ ...issue, dependencies: once });
  const changes = { dependencies: { from: issue.dependencies, to: once } };
  tx.emit({ type: 'issue_updated', issue: id, changes, reason: 'DUPLICATE_EDGE' });
}

function removeDanglingEdges(tx: WriteTx, id: string): void {
  const edges = readable(tx, id)?.dependencies ?? [];
  const gone = edges.filter((target) => tx.stateOf(target) === 'missing');
  const targets = [...new Set(gone)].sort(byCodeUnit);
  if (targets.length === 0) return;
  removeDependencies(tx, id, targets, { token: null, override: null });
}

/** Any write of the issue moves what a merge could not decide into the log. */
function logConflicts(tx: WriteTx, id: string): void {
  const issue = readable(tx, id);
  if (issue !== null && issue.conflicts.length > 0) tx.put(issue);
}
