import { JitError } from '@jit/contract/errors';
import type { Issue } from '../domain/issue.ts';
import type { Moment, Outcome } from '../domain/outcome.ts';
import { shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';

/** What a change of one issue among many did, as the operation on it says. */
export interface OneChanged {
  readonly changed: boolean;
  /** Token of a claim, or null. */
  readonly token: string | null;
  /** What was changed on the way stands, but the wish was refused. */
  readonly refusal?: JitError | undefined;
}

/**
 * Makes one change to many issues, dependencies before those that wait for them. By default all or
 * nothing: if one is refused, BULK_REFUSED names every refusal and nothing stands. With `keepGoing` each
 * issue is changed as if alone. Outcomes come in the order the issues were given.
 */
export function changeAll(
  tx: WriteTx,
  issues: readonly Issue[],
  change: (id: string) => OneChanged,
  keepGoing: boolean,
): readonly Outcome[] {
  const before = new Map(issues.map((issue) => [issue.id, momentOf(tx, issue)]));
  const done = new Map(
    dependenciesFirst(issues).map((id) => [id, changeOne(tx, () => change(id), keepGoing)]),
  );
  const refused = [...done].flatMap(([id, { refusal }]) => (refusal ? [{ id, refusal }] : []));
  if (!keepGoing && refused.length > 0) throw bulkRefused(issues.length, refused);
  return issues.flatMap(({ id }) => {
    const [moment, outcome] = [before.get(id), done.get(id)];
    if (moment === undefined || outcome === undefined) return [];
    return [{ before: moment, after: momentOf(tx, tx.mustHave(id)), ...outcome }];
  });
}

function momentOf(tx: WriteTx, issue: Issue): Moment {
  return { issue, state: shownState(issue, tx) };
}

function changeOne(tx: WriteTx, change: () => OneChanged, keepGoing: boolean) {
  try {
    return tx.attempt(() => {
      const { changed, token, refusal = null } = change();
      if (refusal !== null && !keepGoing) throw refusal;
      return { changed, token, refusal };
    });
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    return { changed: false, token: null, refusal: error };
  }
}

/** How many refusals the message names; all of them stand in the details. */
const NAMED = 10;

function bulkRefused(
  matched: number,
  refused: readonly { readonly id: string; readonly refusal: JitError }[],
): JitError {
  const lines = refused.slice(0, NAMED).map(({ refusal }) => `  ${refusal.message}`);
  const many = matched === 1 ? '1 issue refuses' : `${matched} issues refuse`;
  if (refused.length > NAMED) lines.push(`  … and ${refused.length - NAMED} more`);
  return new JitError(
    refused[0]?.refusal.kind ?? 'invalid',
    'BULK_REFUSED',
    [`nothing was changed: ${refused.length} of ${many} it`, ...lines].join('\n'),
    {
      hint: 'Narrow the filter, or change what can be changed with --keep-going.',
      details: {
        matched,
        refused: refused.map(({ id, refusal: { code, message, hint, details } }) => ({
          issue: id,
          code,
          message,
          hint: hint ?? null,
          details,
        })),
      },
    },
  );
}

/** The ids in such an order that what an issue waits for comes before it; else as given. */
function dependenciesFirst(issues: readonly Issue[]): readonly string[] {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  const seen = new Set<string>();
  const order: string[] = [];
  for (const { id: root } of issues) {
    const path = seen.has(root) ? [] : [{ id: root, next: 0 }];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      seen.add(visit.id);
      const target = byId.get(visit.id)?.dependencies[visit.next];
      visit.next += 1;
      if (target === undefined) {
        path.pop();
        order.push(visit.id);
      } else if (byId.has(target) && !seen.has(target)) {
        path.push({ id: target, next: 0 });
      }
    }
  }
  return order;
}
