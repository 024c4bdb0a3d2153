import { agentName } from '../../agent-name.ts';
import type { ForgeComment } from '../../forge/forge.ts';
import type { Task } from '../task.ts';

/** What people see is Markdown; these are not seen, and tell which work a comment is about. */
export function markerOf({ issue, agent }: Pick<Task, 'issue' | 'agent'>, key: string): string {
  return `<!-- jit-dispatch assigned issue=${issue} agent=${agent} run=${key} -->`;
}

/** The run that last brought this work to this agent, from the comments on its issue; null: none did. */
export function findAssignment(
  comments: readonly Pick<ForgeComment, 'body'>[],
  task: Pick<Task, 'issue' | 'agent'>,
): string | null {
  const [before, after] = markerOf(task, '\n').split('\n') as [string, string];
  for (const { body } of [...comments].reverse()) {
    const start = body.indexOf(before);
    const end = body.indexOf(after, start + before.length);
    if (start >= 0 && end > start) return body.slice(start + before.length, end);
  }
  return null;
}

/** The comment that tells an agent of its work. */
export function assignmentText(task: Task, key: string): string {
  const { agent, agent_title, task_type, issue, title, description, acceptance_criteria } = task;
  return [
    '## Work for an agent',
    '',
    `- **Agent:** ${quiet(agentName(agent, agent_title))}`,
    `- **Kind of work:** ${task_type ?? 'not known'}`,
    `- **Issue:** ${issue}, attempt ${task.attempt}`,
    '',
    `**${quiet(title)}**`,
    ...(description === '' ? [] : ['', quiet(description)]),
    ...(acceptance_criteria.length === 0
      ? []
      : ['', '**It is done when**', ...acceptance_criteria.map((each) => `- [ ] ${quiet(each)}`)]),
    '',
    'Closing this issue says that it is done. Taking the label off gives it back.',
    markerOf(task, key),
  ].join('\n');
}

/** The comment that takes it back, and the part of it by which it is found. */
export function withdrawalText(
  { agent }: Pick<Task, 'agent'>,
  key: string,
): { readonly marker: string; readonly body: string } {
  const marker = `<!-- jit-dispatch withdrawn run=${key} -->`;
  return { marker, body: `Taken back from ${agent}: its run was ended.\n${marker}` };
}

const LONGEST = 20_000;

/** Text of an issue that can't be taken for one of our markers, and tells nobody by their name. */
function quiet(text: string): string {
  return text
    .slice(0, LONGEST)
    .replaceAll('<!--', '&lt;!--')
    .replace(/(^|[^\w`])@(?=\w)/g, '$1@\u200b');
}
