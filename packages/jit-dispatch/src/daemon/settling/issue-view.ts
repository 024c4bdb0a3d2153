import { FAILURE_CLASSES, type FailureClass } from '@jit/contract/vocabulary';
import { HANDED_OVER } from '../../planning/hand-over.ts';
import type { IssueView } from '../../planning/settle.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';

/** The fields of a whole issue that settling looks at, where the tracker gives them. */
interface Whole {
  readonly blockers?: readonly { readonly type?: unknown; readonly issue?: unknown }[];
  readonly dependencies?: readonly unknown[];
  readonly gates?: readonly {
    readonly key: string;
    readonly stage?: unknown;
    readonly mode?: unknown;
    readonly status?: unknown;
  }[];
  readonly last_claim?: { readonly attempt?: unknown; readonly reason?: unknown } | null;
}

/** An issue as the decisions of settling need it. `run` tells our own release from that of the agent. */
export function viewOf(issue: TrackerIssue, run: string): IssueView {
  const { state, attempt, isClaimed } = issue;
  const { blockers = [], dependencies = [], gates = [], last_claim } = (issue.whole ?? {}) as Whole;
  const exitGates = gates.filter(({ stage }) => stage === 'done');
  const isLast = last_claim?.attempt === attempt && typeof last_claim.reason === 'string';
  const reason = isLast ? String(last_claim.reason) : '';
  return {
    state,
    attempt,
    isClaimed,
    isDeferred: blockers.some(({ type }) => type === 'deferred'),
    openChecks: exitGates
      .filter(({ mode, status }) => mode === 'auto' && status !== 'passed')
      .map(({ key }) => key),
    failedGates: exitGates.filter(({ status }) => status === 'failed').map(({ key }) => key),
    releasedAs: classIn(reason),
    isGivenBack: isLast && !isClaimed && reason !== 'expired',
    isReleasedHere: reason.includes(releaseMark(run)),
    isHandedOver:
      reason.startsWith(`released: ${HANDED_OVER}`) && reason.includes(releaseMark(run)),
    dependencies: dependencies.length,
    waitsFor: blockers.flatMap(({ type, issue: id }) =>
      type === 'dependency' && typeof id === 'string' ? [id] : [],
    ),
  };
}

/** Stands at the end of the reason of every release that is made for a run. */
export function releaseMark(run: string): string {
  return `(run ${run})`;
}

/** `failed (agent): …` */
function classIn(reason: string): FailureClass | null {
  const [, word] = /^failed \((\w+)\)/.exec(reason) ?? [];
  return FAILURE_CLASSES.find((each) => each === word) ?? null;
}
