import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import type { DispatchConfig } from './config.ts';
import type { Problem } from './problem.ts';

/**
 * Strengths that name no kind of work that issues are told by. Worth a word, not refused: an issue may be
 * wished to be of any kind.
 */
export async function checkStrengths({
  agents,
  choosing,
}: Pick<DispatchConfig, 'agents' | 'choosing'>): Promise<Problem[]> {
  const known = choosing.taskTypes.map(({ name }) => name);
  const unknown = agents.flatMap(({ strengths }, agent) =>
    strengths.flatMap((strength, index) =>
      known.includes(strength) ? [] : [{ strength, path: ['agents', agent, 'strengths', index] }],
    ),
  );
  return Promise.all(
    unknown.map(async ({ strength, path }) => {
      const hint = didYouMean(await suggest(strength, known), `there are ${known.join(', ')}`);
      const message = `"${strength}" is no known kind of work and counts only where it is wished for; ${hint}`;
      return { path, message };
    }),
  );
}
