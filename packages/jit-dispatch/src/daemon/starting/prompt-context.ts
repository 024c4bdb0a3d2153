import type { TrackerKind } from '../../config/tracker-kind.ts';
import type { Run } from '../../ledger/run.ts';
import { HANDED_OVER } from '../../planning/hand-over.ts';
import type { PromptComment, PromptContext, PromptDependency } from '../../prompt/facts.ts';
import { readReleases } from '../../tracker/read-past.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import { isStanding } from '../../workspaces/standing.ts';
import type { Prompted } from './prompts.ts';
import { readDocuments } from './read-documents.ts';

/** What a prompt is made from. */
interface PromptFacts extends Omit<Prompted, 'run'> {
  readonly run: Pick<Run, 'run'>;
  readonly issue: TrackerIssue;
  readonly trackerKind: TrackerKind;
  /** owner/name on a forge, or null. */
  readonly repositoryName: string | null;
  /** The folder that holds `.jit`. */
  readonly folder: string;
  /** What the tracker told. */
  readonly answerTo: (call: TrackerCall) => TrackerAnswer | undefined;
}

/** The fields of a whole issue that prompts say. */
interface Whole {
  readonly description?: string;
  readonly acceptance_criteria?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly documents?: readonly string[];
  readonly comments?: readonly PromptComment[];
  readonly created_by?: string;
  readonly links?: unknown;
  readonly metadata?: unknown;
  readonly earlier_failures?: PromptContext['earlier_failures'];
  readonly failed_gates?: PromptContext['failed_gates'];
}

/** The newest comments of an issue, and of each that it depends on. */
const OWN_COMMENTS = 50;
const COMMENTS = 5;
/** More of a text is not even measured. */
const COMMENT_CHARS = 8 * 1024;
const DESCRIPTION_CHARS = 256 * 1024;

/** Everything that a template can say about a run. */
export function toContext(facts: PromptFacts): PromptContext {
  const { run, agent, issue, workspace, folder, answerTo } = facts;
  const whole = (issue.whole ?? {}) as Whole;
  const { dependencies: ids = [], documents: paths = [], comments = [] } = whole;
  const parts = partsOf(answerTo({ do: 'releases', issue: issue.id }));
  const dependencies = ids.flatMap((id) => {
    const answer = answerTo({ do: 'show', issue: id });
    return answer?.is === 'ok' ? answer.issues.map((each) => resultOf(each, parts)) : [];
  });
  return {
    issue: {
      id: issue.id,
      title: issue.title,
      description: capped(whole.description ?? '', DESCRIPTION_CHARS),
      priority: issue.priority,
      labels: issue.labels,
      acceptance_criteria: whole.acceptance_criteria ?? [],
      dependencies: ids,
      documents: paths,
      comments: newest(comments, OWN_COMMENTS),
      created_at: issue.created_at,
      created_by: whole.created_by ?? '',
      links: whole.links ?? {},
      metadata: whole.metadata ?? {},
    },
    attempt: issue.attempt > 1 ? issue.attempt : null,
    agent: { id: agent.id, type: agent.type, tags: agent.tags, completion: agent.completion },
    run: { id: run.run },
    tracker: { kind: facts.trackerKind },
    repository: {
      name: facts.repositoryName,
      base: workspace?.branch ? workspace.base : null,
    },
    workspace: { path: workspace?.path ?? folder, branch: workspace?.branch ?? null },
    dependencies,
    children: dependencies.filter((each) => each.is_part),
    // One that is made only when the agent starts has them from the repository.
    documents: readDocuments(
      workspace && isStanding(workspace.path) ? workspace.path : folder,
      paths,
    ),
    earlier_failures: whole.earlier_failures ?? [],
    failed_gates: whole.failed_gates ?? [],
    left_out: whatIsMissing(ids.length - dependencies.length, comments.length - OWN_COMMENTS),
  };
}

function whatIsMissing(dependencies: number, comments: number): readonly string[] {
  return [
    ...(dependencies > 0 ? [`Results of ${dependencies} more issues: see jit dep list.`] : []),
    ...(comments > 0 ? [`${comments} older comments: see jit issue show.`] : []),
  ];
}

function resultOf(issue: TrackerIssue, parts: string): PromptDependency {
  const { comments = [] } = (issue.whole ?? {}) as Whole;
  return {
    id: issue.id,
    title: issue.title,
    state: issue.state,
    finished_by: issue.assignee,
    is_part: parts.includes(issue.id),
    comments: newest(comments, COMMENTS),
  };
}

function newest(comments: readonly PromptComment[], count: number): readonly PromptComment[] {
  return comments.slice(-count).map(({ by, at, text }) => {
    return { by, at, text: capped(text, COMMENT_CHARS) };
  });
}

function capped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}\n[… ${text.length - head.length} characters are left out …]`;
}

/** The words of all hand-overs: they name the parts. */
function partsOf(answer: TrackerAnswer | undefined): string {
  return readReleases(answer)
    .flatMap(({ reason }) => (reason?.startsWith(HANDED_OVER) ? [reason] : []))
    .join('\n');
}
