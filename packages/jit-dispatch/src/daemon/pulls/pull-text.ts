import type { PullRequestConfig } from '../../config/pull-request.ts';
import type { Pull } from '../../ledger/pulls.ts';
import type { PullContext } from '../../prompt/pull-templates.ts';
import type { PullText } from '../../prompt/render-pull.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { PullProblem } from './pull-problem.ts';

/** The fields of a whole issue that a pull request can say. */
type Whole = Partial<
  Pick<
    PullContext['issue'],
    | 'description'
    | 'acceptance_criteria'
    | 'dependencies'
    | 'documents'
    | 'comments'
    | 'created_by'
    | 'links'
    | 'metadata'
  >
>;

const MISSING: readonly string[] = ['NOT_FOUND', 'DELETED'];

/**
 * Title and text of a pull request, from what the issue says now.
 * @throws PullProblem, JitError `CONTEXT_BUILD_FAILED`, `TRACKER_…`
 */
export async function pullText(
  { tracker, ledger }: Dispatcher,
  pull: Pull,
  { title, body }: PullRequestConfig,
): Promise<PullText> {
  const { run, issue: id, branch } = pull;
  const [answer] = await tracker.call([{ do: 'show', issue: id }]);
  const isGone = answer?.is === 'refused' && MISSING.includes(answer.code);
  const issue = answer?.is === 'ok' ? answer.issues[0] : undefined;
  if (issue === undefined && !isGone)
    throw new PullProblem(
      `the tracker does not show the issue: ${answer?.is === 'ok' ? 'no answer' : answer?.message}`,
    );
  const { renderPull } = await import('../../prompt/render-pull.ts');
  const agent = { id: ledger.find(run)?.agent ?? '' };
  return renderPull(
    { title, body },
    {
      issue: issue === undefined ? goneIssue(pull) : textsOf(issue),
      agent,
      run: { id: run },
      branch,
    },
  );
}

function textsOf(issue: TrackerIssue): PullContext['issue'] {
  const { id, title, priority, labels, created_at } = issue;
  const whole = (issue.whole ?? {}) as Whole;
  return {
    id,
    title,
    priority,
    labels,
    created_at,
    description: whole.description ?? '',
    acceptance_criteria: whole.acceptance_criteria ?? [],
    dependencies: whole.dependencies ?? [],
    documents: whole.documents ?? [],
    comments: whole.comments ?? [],
    created_by: whole.created_by ?? '',
    links: whole.links ?? {},
    metadata: whole.metadata ?? {},
  };
}

/** Its work is there all the same. */
function goneIssue({ issue: id, title, created_at }: Pull): PullContext['issue'] {
  return {
    id,
    title,
    priority: 'normal',
    labels: [],
    created_at,
    description: '',
    acceptance_criteria: [],
    dependencies: [],
    documents: [],
    comments: [],
    created_by: '',
    links: {},
    metadata: {},
  };
}
