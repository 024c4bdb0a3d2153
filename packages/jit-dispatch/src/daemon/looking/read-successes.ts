import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Successes } from '../../ledger/successes.ts';
import type { Track } from '../../planning/choosing/score.ts';

/** What is longer ago says nothing about an agent any more. */
const RECENT_MS = 90 * 24 * 3_600_000;

/** How runs of agents ended, by the ledger of a repository; nothing where affinity counts nothing. */
export function readSuccesses(
  { choosing }: Pick<DispatchConfig, 'choosing'>,
  ledger: Ledger | null,
  now: Date,
): readonly Successes[] {
  if (choosing.match.affinity === 0) return [];
  return ledger?.successes(new Date(now.getTime() - RECENT_MS).toISOString()) ?? [];
}

/** The same of all repositories together, by agent and kind of work. */
export function tracksOf(
  successes: readonly Successes[],
): ReadonlyMap<string, ReadonlyMap<string, Track>> {
  const tracks = new Map<string, Map<string, Track>>();
  for (const { agent, task_type, completed, failed } of successes) {
    if (task_type === null) continue;
    const own = tracks.get(agent) ?? new Map<string, Track>();
    const before = own.get(task_type) ?? { completed: 0, failed: 0 };
    own.set(task_type, {
      completed: before.completed + completed,
      failed: before.failed + failed,
    });
    tracks.set(agent, own);
  }
  return tracks;
}
