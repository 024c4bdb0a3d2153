import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import type { DispatchContext } from '../context.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Site } from '../sites.ts';
import { askedSites, repositoryOption } from './_asked-sites.ts';
import { dispatchError } from './_dispatch-error.ts';

/** The options that say what is paused. */
export const scopeOptions = {
  agent: { type: 'string', placeholder: 'ID', describe: 'this agent only' },
  repository: { ...repositoryOption.repository, describe: 'this repository only' },
} as const;

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
  context: DispatchContext,
  { agent, repository }: { agent: string | undefined; repository: string | undefined },
  mayBeGone: boolean,
): Promise<Scope> {
  if (agent !== undefined && repository !== undefined)
    throw usageError('--agent and --repository exclude each other');
  const { sites, config } = context;
  if (repository !== undefined) {
    const named = await askedSites(context, repository);
    return { scope: `repository:${repository}`, sites: named };
  }
  if (agent === undefined) return { scope: '*', sites };
  const ids = config.agents.map(({ id }) => id);
  if (!mayBeGone && !ids.includes(agent))
    throw dispatchError('invalid', 'INVALID_REQUEST', `no agent is called "${agent}"`, {
      hint: didYouMean(await suggest(agent, ids), `there are ${ids.join(', ')}`),
      details: { agent, agents: ids },
    });
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
