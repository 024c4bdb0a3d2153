import type { ReasonOutput } from '@jit/contract/outputs/explanation';
import { openGates } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { blockersOf } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';

/** Everything that holds an issue where it is. Of a ready one: that nobody has claimed it. */
export function reasonsOf(tx: ReadTx, issue: Issue): ReasonOutput[] {
  if (!isUnfinished(issue)) return [finished(tx, issue)];
  const blockers = blockersOf(issue, tx);
  const reasons: ReasonOutput[] = blockers.map((blocker) =>
    blocker.type === 'gate' ? gate(tx, issue, blocker.gate) : blocker,
  );
  if (issue.state === 'gated') {
    const exits = openGates(issue, 'done', tx.gate);
    // A gate without a definition counts for both stages, and was named already.
    const known = new Set(blockers.map((blocker) => blocker.type === 'gate' && blocker.gate));
    reasons.push(...exits.filter((key) => !known.has(key)).map((key) => gate(tx, issue, key)));
  }
  const holding = tx.holding(issue.id);
  if (holding.kind === 'held') {
    const { assignee, attempt, since, expires_at } = holding;
    const end = expires_at === null ? null : new Date(expires_at).toISOString();
    if (issue.state !== 'gated')
      reasons.push({ type: 'claimed', assignee, attempt, since, expires_at: end });
  } else if (issue.state === 'in_progress') {
    reasons.push({ type: 'abandoned', assignee: issue.assignee });
  } else if (issue.state === 'open' && reasons.length === 0) {
    reasons.push({ type: 'unclaimed', reserved_for: issue.assignee });
  }
  return reasons;
}

function gate(tx: ReadTx, issue: Issue, key: string): ReasonOutput {
  const definition = tx.gate(key);
  return {
    type: 'gate',
    gate: key,
    stage: definition?.stage ?? null,
    mode: definition?.mode ?? null,
    status: issue.gates[key]?.status ?? 'pending',
  };
}

/** When and by whom an issue was finished, as the log tells it. */
function finished(tx: ReadTx, issue: Issue): ReasonOutput {
  const last = tx
    .events({ issue: issue.id, type: 'state_changed' })
    .filter((event) => event.to === issue.state)
    .at(-1);
  return {
    type: 'finished',
    at: last?.at ?? null,
    by: last?.actor ?? issue.assignee,
    reason: typeof last?.reason === 'string' ? last.reason : null,
  };
}
