import type { Dispatcher } from '../dispatcher.ts';

/** A start that may be of an issue reserved for an agent that had no room for too long. */
export interface MaybeStolen {
  readonly issue: { readonly id: string };
  readonly agent: string;
  readonly stolenFrom: string | null;
}

/**
 * Reserves issues for the agents that get them instead, each only if it is still reserved for the one it is
 * taken from: a person who changed it in between wins. What came of it is told by the claims that follow:
 * one that is not reserved for its agent is refused, and planned anew.
 */
export async function reserveStolen(
  { tracker }: Pick<Dispatcher, 'tracker'>,
  starts: readonly MaybeStolen[],
): Promise<void> {
  for (const { issue, agent, stolenFrom } of starts) {
    if (stolenFrom === null) continue;
    await tracker.callTogether([
      { do: 'is_reserved', issue: issue.id, agent: stolenFrom },
      { do: 'reserve', issue: issue.id, agent },
    ]);
  }
}
