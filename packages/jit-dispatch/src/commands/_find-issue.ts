import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { JitError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { DispatchContext } from '../context.ts';
import type { Site } from '../sites.ts';
import type { TrackerIssue } from '../tracker/tracker.ts';
import { dispatchError } from './_dispatch-error.ts';

/** The option that says which repository is meant. */
export const repositoryOption = {
  repository: {
    type: 'string',
    placeholder: 'NAME',
    describe: 'the repository it lies in, where there are several',
  },
} as const;

/** An issue, and the site it lies in. */
export interface FoundIssue {
  readonly site: Site;
  readonly issue: TrackerIssue;
}

/**
 * The sites that are meant.
 * @throws JitError INVALID_REQUEST (4) for a repository that is not configured
 */
export async function sitesNamed(
  { sites }: Pick<DispatchContext, 'sites'>,
  repository: string | undefined,
): Promise<readonly Site[]> {
  if (repository === undefined) return sites;
  const found = sites.filter((site) => site.repository === repository);
  if (found.length > 0) return found;
  const names = sites.map((site) => site.repository).filter((name) => name !== '');
  throw dispatchError('invalid', 'INVALID_REQUEST', `no repository is called "${repository}"`, {
    hint: didYouMean(
      await suggest(repository, names),
      names.length === 0 ? 'there is only the one of [tracker]' : `there are ${names.join(', ')}`,
    ),
    details: { repository, repositories: names },
  });
}

/**
 * The issue that was typed, looked for in every repository; null if none has it.
 * @throws JitError INVALID_REQUEST (4), AMBIGUOUS_ID (4) where several repositories have it, TRACKER_… (10)
 */
export async function findIssue(
  context: Pick<DispatchContext, 'sites' | 'locateTracker'>,
  ref: string,
  repository: string | undefined,
): Promise<FoundIssue | null> {
  const problem = idProblem(ref);
  if (problem !== null)
    throw dispatchError('invalid', 'INVALID_REQUEST', `"${ref}" is no issue id: ${problem}`, {
      hint: 'jit query all shows the ids',
      details: { issue: ref },
    });
  const sites = await sitesNamed(context, repository);
  const looks = await Promise.all(sites.map((site) => lookIn(context, site, ref)));
  const found = looks.flatMap((each) => ('issue' in each ? [each] : []));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new JitError('invalid', 'AMBIGUOUS_ID', `several repositories have an issue ${ref}`, {
      hint: 'say which one with --repository',
      details: { ref, candidates: found.map(({ site }) => site.repository) },
    });
  for (const each of looks) if ('error' in each && each.error !== null) throw each.error;
  return null;
}

async function lookIn(
  { locateTracker }: Pick<DispatchContext, 'locateTracker'>,
  site: Site,
  ref: string,
): Promise<FoundIssue | { readonly error: JitError | null }> {
  try {
    const { tracker } = await locateTracker(site);
    const [answer] = await tracker.call([{ do: 'show', issue: ref }]);
    const issue = answer?.is === 'ok' ? answer.issues[0] : undefined;
    if (issue !== undefined) return { site, issue };
    if (answer?.is === 'refused' && answer.exit === 3) return { error: null };
    const message = answer === undefined || answer.is === 'ok' ? 'no answer' : answer.message;
    const isTyped = answer?.is === 'refused' && answer.exit === 4;
    return {
      error: isTyped
        ? new JitError('invalid', answer.code, message, { hint: 'give more of the id' })
        : new JitError('external', 'TRACKER_FAILED', message, { retryable: true }),
    };
  } catch (error) {
    if (error instanceof JitError) return { error };
    throw error;
  }
}

/** For an id that nobody has. */
export function noSuchIssue(ref: string, what = 'issue'): JitError {
  return dispatchError('not_found', 'INVALID_REQUEST', `there is no ${what} ${ref}`, {
    hint: 'jit query all shows the ids; nothing was changed',
    details: { issue: ref },
  });
}
