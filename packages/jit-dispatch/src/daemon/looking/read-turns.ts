import type { DispatchConfig } from '../../config/config.ts';
import type { Tracker } from '../../tracker/tracker.ts';

/** A claim of an agent, of whichever dispatcher. */
export interface Turn {
  readonly agent: string;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * The last claims in a repository, oldest first, where the strategy goes by turns: in the log of the tracker they
 * are the same for every dispatcher, and no restart changes them. Empty where nobody asks.
 */
export async function readTurns(
  tracker: Tracker,
  { choosing }: Pick<DispatchConfig, 'choosing'>,
): Promise<readonly Turn[]> {
  if (choosing.strategy.name !== 'round-robin') return [];
  const [answer] = await tracker.call([{ do: 'claims' }]);
  if (answer?.is !== 'ok') return [];
  return (answer.events ?? []).flatMap(({ assignee, at }) =>
    assignee === null ? [] : [{ agent: assignee, at }],
  );
}

/** When each agent had its last turn: a number that grows, over all repositories. */
export function lastTurns(lists: readonly (readonly Turn[])[]): ReadonlyMap<string, number> {
  const all = lists.flat();
  // The log of one repository is in order; of several, the time decides.
  if (lists.length > 1) all.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return new Map(all.map(({ agent }, index) => [agent, index]));
}
