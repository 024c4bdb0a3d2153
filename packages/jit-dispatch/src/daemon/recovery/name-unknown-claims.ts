import { JitError } from '@jit/contract/errors';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * After a ledger was made again: claims of our agents that none of its runs knows. Nobody works
 * under them, unless it is for another dispatcher, and they end with their leases.
 */
export async function nameUnknownClaims(dispatcher: Dispatcher): Promise<string[]> {
  const { config, ledger, tracker } = dispatcher;
  const known = new Set(ledger.liveRuns().map(({ issue }) => issue));
  try {
    const answers = await tracker.call(
      config.agents.map(({ id }) => ({ do: 'assigned', agent: id })),
    );
    return answers.flatMap((answer, index) =>
      answer.is === 'ok'
        ? answer.issues
            .filter(({ id, isClaimed }) => isClaimed && !known.has(id))
            .map(({ id, whole }) => {
              const agent = config.agents[index]?.id;
              return `${id} is claimed for ${agent} until ${leaseEnd(whole)} and no run here knows of it; another dispatcher may`;
            })
        : [],
    );
  } catch (error) {
    if (error instanceof JitError) return [`claims are not known: ${error.message}`];
    throw error;
  }
}

function leaseEnd(whole: unknown): string {
  const { claim } = (whole ?? {}) as { claim?: { expires_at?: unknown } | null };
  return typeof claim?.expires_at === 'string' ? claim.expires_at : 'it is released';
}
