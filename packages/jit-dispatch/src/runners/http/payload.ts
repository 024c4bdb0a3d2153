import { linkedIssue } from '../linked-issue.ts';
import type { Task } from '../task.ts';
import type { Callback } from './callback-server.ts';

/** The work as JSON, as it is posted to an agent. */
export function payloadOf(
  task: Task,
  key: string,
  callback: Callback | null,
  environment: NodeJS.ProcessEnv,
): string {
  const { title, description, acceptance_criteria, agent, task_type, labels, priority } = task;
  return JSON.stringify({
    title,
    description,
    acceptance_criteria,
    issue_number: numberOf(task),
    agent,
    task_type,
    issue_id: task.issue,
    run_id: key,
    attempt: task.attempt,
    labels,
    priority,
    prompt: task.prompt,
    callback: callback && { url: callback.url, token: callback.token },
    // Whoever finishes the issue itself has to prove the claim.
    claim: task.finishes_issue ? (environment.JIT_CLAIM ?? null) : null,
  });
}

/** The number of the linked issue, whatever repository it is in. */
function numberOf({ links, metadata }: Task): number | null {
  for (const kind of ['github', 'gitea'] as const) {
    const repository = /([\w.-]+\/[\w.-]+)(?:#|\/issues\/)\d+/.exec(links[kind] ?? '')?.[1] ?? '';
    const linked = linkedIssue({ links, metadata }, kind, repository);
    if ('number' in linked) return linked.number;
  }
  return null;
}
