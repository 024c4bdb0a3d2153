import type { DispatchConfig } from '../../config/config.ts';
import { trackerKindOf } from '../../config/tracker-kind.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Tracker } from '../../tracker/tracker.ts';

/** A claim of an agent, of whichever dispatcher. */
export interface Turn {
  readonly agent: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Where turns are read. */
export interface TurnSources {
  /** Empty where there is only one. */
  readonly repository: string;
  readonly tracker: Tracker;
  readonly ledger: Ledger | null;
}

/** Whose turn it was, and how a repository is dispatched. */
export type TurnRules = Pick<DispatchConfig, 'agents' | 'choosing' | 'repositories' | 'tracker'>;

/**
 * The last claims in a repository, oldest first, where the strategy goes by turns: in the log of the tracker they
 * are the same for every dispatcher, and no restart changes them. Empty where nobody asks.
 */
export async function readTurns(
  { repository, tracker, ledger }: TurnSources,
  config: TurnRules,
): Promise<readonly Turn[]> {
  if (config.choosing.strategy.name !== 'round-robin') return [];
  const [answer] = await tracker.call([{ do: 'claims' }]);
  const events = answer?.is === 'ok' ? (answer.events ?? []) : [];
  const told = events.flatMap(({ assignee, at }) =>
    assignee === null ? [] : [{ agent: assignee, at }],
  );
  if (trackerKindOf(config, repository) === 'jit') return told;
  return [...told, ...ownTurns(ledger, config)].sort(byTime);
}

/** The last run of each agent: a forge tells the claims of open issues only, and what was done is closed. */
function ownTurns(ledger: Ledger | null, { agents }: TurnRules): Turn[] {
  return agents.flatMap(({ id: agent }) => {
    const runs = ledger?.runs({ agent, limit: LATEST }) ?? [];
    const at = runs.find(({ dispatched_at }) => dispatched_at !== null)?.dispatched_at;
    return at ? [{ agent, at }] : [];
  });
}

/** So many runs are looked at: the claims of the last ones may have been lost. */
const LATEST = 50;

function byTime(a: Turn, b: Turn): number {
  return a.at < b.at ? -1 : Number(a.at > b.at);
}

/** When each agent had its last turn: a number that grows, over all repositories. */
export function lastTurns(lists: readonly (readonly Turn[])[]): ReadonlyMap<string, number> {
  const all = lists.flat();
  // The log of one repository is in order; of several, the time decides.
  if (lists.length > 1) all.sort(byTime);
  return new Map(all.map(({ agent }, index) => [agent, index]));
}
