import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { mustBeAgents } from '../finding/must-be-agents.ts';

/** What is asked about: everything, or only one agent or one repository. */
export interface AskedScope {
  readonly agent?: string | undefined;
  readonly repository?: string | undefined;
}

/** What is paused, and in which ledgers that stands: each site reads its own. */
export interface Scope {
  readonly scope: string;
  readonly sites: readonly Site[];
}

/**
 * The scope that was asked for.
 * @throws JitError usage for two at once or no such repository; INVALID_REQUEST (4) for no such agent, unless it `mayBeGone`
 */
export async function scopeOf(
  workbench: Workbench,
  { agent, repository }: AskedScope,
  mayBeGone: boolean,
): Promise<Scope> {
  if (agent !== undefined && repository !== undefined)
    throw usageError('an agent and a repository exclude each other');
  const { sites } = workbench;
  if (repository !== undefined) {
    const named = await askedSites(workbench, repository);
    return { scope: `repository:${repository}`, sites: named };
  }
  if (agent === undefined) return { scope: '*', sites };
  if (!mayBeGone) await mustBeAgents(workbench, [agent]);
  return { scope: `agent:${agent}`, sites };
}

/** Everything that is paused in any of the ledgers, and how much runs. */
export function holdsIn(
  ledgers: readonly Ledger[],
  now: string,
): Pick<HoldsOutput, 'holds' | 'running'> {
  const all = new Map(ledgers.flatMap((each) => each.holds(now)).map((hold) => [hold.scope, hold]));
  return {
    holds: [...all.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1)),
    running: ledgers.reduce((sum, each) => sum + each.liveRuns().length, 0),
  };
}
