import { JitError, usageError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { DispatchContext } from '../context.ts';
import type { Site } from '../sites.ts';
import type { Tracker, TrackerIssue } from '../tracker/tracker.ts';

/** An issue and the repository it is in. */
export interface FoundIssue {
  readonly issue: TrackerIssue;
  readonly site: Site;
  readonly tracker: Tracker;
}

/**
 * Finds an issue by its id or a unique beginning, with `NAME/` before it in one repository only.
 * @throws JitError usage (2), `ISSUE_NOT_FOUND` (3), `AMBIGUOUS_ID` (4) and what the tracker says; `TRACKER_…` (10)
 */
export async function findIssue(
  context: Pick<DispatchContext, 'sites' | 'locateTracker' | 'warn'>,
  typed: string,
): Promise<FoundIssue> {
  const cut = typed.lastIndexOf('/');
  const ref = typed.slice(cut + 1);
  const problem = idProblem(ref);
  if (problem !== null)
    throw usageError(`"${typed}" is no issue id: ${problem}`, {
      hint: 'jit query all shows the ids',
    });
  const sites = context.sites.filter(
    ({ repository }) => cut < 0 || repository === typed.slice(0, cut),
  );
  const found: FoundIssue[] = [];
  const refusals: JitError[] = [];
  for (const site of sites) {
    try {
      const { tracker } = await context.locateTracker(site);
      const [answer] = await tracker.call([{ do: 'show', issue: ref }]);
      const issue = answer?.is === 'ok' ? answer.issues[0] : undefined;
      if (issue !== undefined) found.push({ issue, site, tracker });
      else if (answer?.is === 'refused' && answer.exit !== 3)
        refusals.push(
          new JitError('invalid', answer.code, answer.message, {
            hint: 'jit query all shows the ids',
            details: { ref: typed },
          }),
        );
      else if (answer?.is !== 'refused') refusals.push(unanswered(typed, answer?.message));
    } catch (error) {
      if (!(error instanceof JitError)) throw error;
      refusals.push(error);
    }
  }
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) {
    for (const { message } of refusals) context.warn(message);
    return only;
  }
  if (only !== undefined) {
    const candidates = found.map(({ site, issue }) => `${site.repository}/${issue.id}`);
    throw new JitError('invalid', 'AMBIGUOUS_ID', `"${typed}" is in several repositories`, {
      hint: `say which: ${candidates.join(', ')}`,
      details: { ref: typed, candidates },
    });
  }
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  throw new JitError('not_found', 'ISSUE_NOT_FOUND', `no issue ${typed}`, {
    hint: 'jit query all shows the ids',
    details: { ref: typed },
  });
}

function unanswered(typed: string, message = 'no answer'): JitError {
  return new JitError('external', 'TRACKER_FAILED', `${typed} could not be looked up: ${message}`, {
    hint: `see \`jit issue show ${typed}\``,
  });
}
