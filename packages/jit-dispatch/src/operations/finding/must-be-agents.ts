import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';

/** Refuses names that no agent has, with the nearest. Errors: INVALID_REQUEST (4). */
export async function mustBeAgents(
  workbench: Pick<Workbench, 'agentNames'>,
  names: readonly string[],
): Promise<void> {
  const ids = workbench.agentNames();
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown === undefined) return;
  throw dispatchError('invalid', 'INVALID_REQUEST', `no agent is called "${unknown}"`, {
    hint: didYouMean(await suggest(unknown, ids), `there are ${ids.join(', ')}`),
    details: { agent: unknown, agents: ids },
  });
}
