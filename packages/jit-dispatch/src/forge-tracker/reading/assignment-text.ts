import { agentName } from '../../agent-name.ts';
import type { ForgeIssue } from '../../forge/forge.ts';
import { readCriteria } from './acceptance-criteria.ts';

/** What people are told of a claim. */
export interface Assignment {
  readonly agent: string;
  /** Its name for people. */
  readonly agentTitle: string | null;
  readonly attempt: number;
  readonly by: string;
  /** What kind of work it is, where that is known. */
  readonly taskType: string | null;
  readonly issue: Pick<ForgeIssue, 'title' | 'body'>;
}

const DESCRIPTION_CHARS = 2000;
const MOST_CRITERIA = 30;

/** The comment that gives an issue to an agent: who, what kind of work, what is to be done, and when it is done. */
export function assignmentText({
  agent,
  agentTitle,
  attempt,
  by,
  taskType,
  issue,
}: Assignment): string {
  const criteria = readCriteria(issue.body);
  const shown = criteria.slice(0, MOST_CRITERIA).map((each) => `- [ ] ${calm(each)}`);
  const more = criteria.length - shown.length;
  return [
    `**Assigned to ${calm(agentName(agent, agentTitle))}** (attempt ${attempt}, by ${calm(by)}).`,
    ...(taskType === null ? [] : ['', `Task type: ${calm(taskType)}`]),
    '',
    `Task: ${calm(issue.title)}`,
    ...(issue.body.trim() === '' ? [] : ['', quoted(issue.body)]),
    ...(criteria.length === 0 ? [] : ['', 'Acceptance criteria:', '', ...shown]),
    ...(more > 0 ? [`- … and ${more} more, see above`] : []),
  ].join('\n');
}

function quoted(body: string): string {
  const text = body.trim();
  const head = text.slice(0, DESCRIPTION_CHARS).replace(/[\uD800-\uDBFF]$/, '');
  const cut = head.length < text.length ? `${head}\n…` : head;
  return calm(cut)
    .split(/\r?\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** People who are mentioned are not called again, and nothing hides what follows. */
function calm(text: string): string {
  return text.replaceAll('@', '@\u200B').replaceAll('<!--', '<\u200B!--');
}
