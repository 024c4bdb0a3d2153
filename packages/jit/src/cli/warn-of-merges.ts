import type { JitContext } from '../context.ts';
import { doubleClaimInWords, doubleClaimOf } from '../domain/double-claim.ts';
import { pathInWords } from '../domain/graph.ts';
import type { MergeTraces } from '../store/store.ts';

/** Says on stderr what a merge broke that neither side had broken, with the way out. */
export function warnOfMerges(context: JitContext, { cycles, disputed }: MergeTraces): void {
  for (const path of cycles) {
    context.warn(
      `dependencies run in a circle: ${pathInWords(path)}. None of them gets ready before jit dep rm FROM TO ends one of these edges`,
    );
  }
  for (const { subject, conflicts } of disputed) {
    for (const conflict of conflicts) {
      const found = doubleClaimOf(conflict);
      if (found === null) continue;
      context.warn(`${doubleClaimInWords(subject, found)} and should stop`);
    }
  }
}
