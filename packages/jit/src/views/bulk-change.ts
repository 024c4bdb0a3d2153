import { EXIT_CODES } from '@jit/contract/errors';
import type { BulkChangeOutput, BulkIssueOutput } from '@jit/contract/outputs/bulk';
import { sameValue } from '../domain/merge-values.ts';
import type { Moment, Outcome } from '../domain/outcome.ts';
import type { ReadTx } from '../store/store.ts';

/** What a bulk update did, or with `dryRun` would do; tokens of claims that were not made are not shown. */
export function toBulkChange(
  tx: ReadTx,
  outcomes: readonly Outcome[],
  { filter, dryRun }: { readonly filter: string; readonly dryRun: boolean },
): BulkChangeOutput {
  return {
    filter,
    dry_run: dryRun,
    matched: outcomes.length,
    changed: outcomes.filter(({ changed }) => changed).length,
    refused: outcomes.filter(({ refusal }) => refusal !== null).length,
    issues: outcomes.map((outcome) => toBulkIssue(tx, outcome, dryRun)),
  };
}

function toBulkIssue(tx: ReadTx, outcome: Outcome, dryRun: boolean): BulkIssueOutput {
  const { before, after, changed, token, refusal } = outcome;
  const { id, title } = after.issue;
  return {
    id,
    short_id: tx.shortId(id),
    title,
    state: after.state,
    changed,
    changes: differences(factsOf(before), factsOf(after)),
    token: dryRun ? null : token,
    refusal:
      refusal === null
        ? null
        : {
            exit: EXIT_CODES[refusal.kind],
            code: refusal.code,
            message: refusal.message,
            hint: refusal.hint ?? null,
            details: { ...refusal.details },
          },
  };
}

/** What an update can change, as output shows it. */
function factsOf({ issue, state }: Moment): Readonly<Record<string, unknown>> {
  return {
    state,
    title: issue.title,
    description: issue.description,
    priority: issue.priority,
    assignee: issue.assignee,
    labels: issue.labels,
    gates: Object.fromEntries(Object.entries(issue.gates).map(([key, gate]) => [key, gate.status])),
    acceptance_criteria: issue.acceptance_criteria,
    defer_until: issue.defer_until,
    documents: issue.documents,
    links: issue.links,
    metadata: issue.metadata,
  };
}

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): BulkIssueOutput['changes'] {
  return Object.fromEntries(
    Object.keys(before)
      .filter((field) => !sameValue(before[field], after[field]))
      .map((field) => [field, { from: before[field], to: after[field] }]),
  );
}
