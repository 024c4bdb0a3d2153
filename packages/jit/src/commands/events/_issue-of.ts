import { JitError } from '@jit/contract/errors';
import { MIN_PREFIX } from '@jit/contract/ids';
import type { ReadTx } from '../../store/store.ts';

/** The issue whose events are asked for: one that is here, else one that the log knows, such as a deleted one. */
export function issueOf(tx: ReadTx, ref: string): string {
  try {
    return tx.resolve(ref);
  } catch (error) {
    if (!(error instanceof JitError) || error.kind !== 'not_found') throw error;
    const known = new Set(tx.events({}).map(({ issue }) => issue));
    if (known.has(ref)) return ref;
    const candidates = [...known].filter((id) => id?.startsWith(ref));
    const [only, ...others] = ref.length < MIN_PREFIX ? [] : candidates;
    if (only === undefined || only === null) throw error;
    if (others.length === 0) return only;
    throw new JitError(
      'invalid',
      'AMBIGUOUS_ID',
      `"${ref}" begins ${candidates.length} ids of the log`,
      {
        hint: 'Give more of it.',
        details: { ref, candidates: candidates.sort() },
      },
    );
  }
}
