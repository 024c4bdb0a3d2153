import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { JitError } from '@jit/contract/errors';

/** Does something with gate keys; a key that is not defined is refused with the nearest one that is. */
export async function withNearestKey<T>(body: () => T): Promise<T> {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof JitError) || error.kind !== 'not_found') throw error;
    const { gate, accepted } = error.details;
    if (typeof gate !== 'string' || !Array.isArray(accepted)) throw error;
    const nearest = await suggest(gate, accepted.map(String));
    const otherwise = error.hint ?? 'jit gate list shows the keys.';
    const hint = nearest === undefined ? otherwise : `${didYouMean(nearest, '')} ${otherwise}`;
    throw new JitError(error.kind, error.code, error.message, {
      hint,
      details: { ...error.details, nearest: nearest ?? null },
      cause: error,
    });
  }
}
