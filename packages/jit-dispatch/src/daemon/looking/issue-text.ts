import type { IssueText } from '../../planning/assessing/issue-text.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';

/** What people wrote about an issue, from what the tracker printed: what is not there counts as not said. */
export function issueText({ title, labels, whole }: TrackerIssue): IssueText {
  const printed = (whole ?? {}) as Readonly<Record<string, unknown>>;
  const { description, acceptance_criteria, documents, metadata } = printed;
  return {
    title,
    labels,
    description: typeof description === 'string' ? description : '',
    acceptance_criteria: texts(acceptance_criteria),
    documents: texts(documents),
    metadata: (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Readonly<
      Record<string, unknown>
    >,
    isWhole: typeof description === 'string',
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
