import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { usageError } from '@jit/contract/errors';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/**
 * The repositories that a command is about: all, or the one that was named.
 * @throws JitError usage, where there is none of that name
 */
export async function askedSites(
  { sites }: Pick<Workbench, 'sites'>,
  repository: string | undefined,
): Promise<readonly Site[]> {
  if (repository === undefined) return sites;
  const found = sites.filter((site) => site.config !== null && site.repository === repository);
  if (found.length > 0) return found;
  const names = sites.flatMap((site) => (site.config === null ? [] : site.repository));
  const nearest = await suggest(repository, names);
  throw usageError(`no repository is called ${repository}`, {
    hint: didYouMean(
      nearest,
      names.length === 0
        ? 'this dispatcher has only one: leave --repository out'
        : `there are ${names.join(', ')}`,
    ),
  });
}
