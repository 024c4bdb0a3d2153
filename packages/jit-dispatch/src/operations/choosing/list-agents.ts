import type { AgentMatchOutput } from '@jit/contract/outputs/estimate';
import { toClaims } from '../../daemon/looking/held.ts';
import { agentsOf } from '../../seeing/agents-of.ts';
import { toRecordOutput } from '../../views/to-decision-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { lookEverywhere } from '../dispatching/look-everywhere.ts';
import { examineAlone } from './estimate-issue.ts';

/** Which issue agents are compared for. */
export interface AgentsOptions {
  readonly repository?: string | undefined;
}

/**
 * The configured agents; for an issue in the order in which they would get it, with how well each fits.
 * @throws JitError INVALID_REQUEST (3, 4), usage (2), TRACKER_… (10)
 */
export async function listAgents(
  workbench: Workbench,
  typed: string | null,
  { repository }: AgentsOptions = {},
): Promise<AgentMatchOutput[]> {
  const { config } = workbench;
  const seen = await lookEverywhere(workbench);
  const ledgers = await Promise.all(workbench.sites.map((site) => workbench.readLedger(site)));
  const states = agentsOf(config, {
    seen: seen.known.map(({ repository: name, runs }, index) => {
      const sight = seen.sights.find((each) => each.repository === name);
      const claims = sight === undefined ? null : toClaims(sight.held, name);
      return { ledger: ledgers[index] ?? null, live: runs, claims };
    }),
    now: workbench.now(),
  });
  const all = config.agents.map((agent): AgentMatchOutput => {
    const state = states.find(({ id }) => id === agent.id);
    const { id, title, role, capabilities, skills, strengths, tags, capacity } = agent;
    return {
      agent: id,
      title,
      role,
      class: agent.class,
      capabilities: [...capabilities],
      skills: [...skills],
      strengths: [...strengths],
      tags: [...tags],
      high_risk: agent.mayTakeHighRisk,
      capacity,
      in_use: Math.max(state?.claimed ?? 0, state?.running ?? 0),
      health: state?.health ?? 'well',
      match: null,
    };
  });
  if (typed === null) return all;
  const { examination } = await examineAlone(workbench, typed, { repository, wishes: {} });
  return toRecordOutput(examination.record).agents.flatMap((match) => {
    const agent = all.find((each) => each.agent === match.agent);
    return agent === undefined ? [] : [{ ...agent, match }];
  });
}
