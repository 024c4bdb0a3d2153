import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { foldName } from '../../planning/assessing/issue-text.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** Says that a kind of work is none that is known, with the nearest: any name may be wished for. */
export async function warnOfTaskType(
  { config, warn }: Pick<Workbench, 'config' | 'warn'>,
  name = '',
): Promise<void> {
  const known = new Set([
    ...config.choosing.taskTypes.map((each) => each.name),
    ...config.agents.flatMap(({ strengths, tags }) => [...strengths, ...tags.map(foldName)]),
  ]);
  const folded = foldName(name);
  if (folded === '' || known.has(folded)) return;
  const nearest = await suggest(folded, [...known]);
  const hint = didYouMean(nearest, 'no agent is best at it');
  warn(`no kind of work is called "${folded}", it is taken as it was wished; ${hint}`);
}
