import type { ShownIssue } from './ask-tracker.ts';
import { done, failed, going, type Sight, takenBack } from './kind.ts';
import type { Task } from './task.ts';

/** What the state of its issue says about the work of one who finishes it in the tracker. */
export function issueSight(issue: ShownIssue | null, { attempt }: Pick<Task, 'attempt'>): Sight {
  if (issue === null)
    return failed('environment', 'issue_missing', 'the issue does not exist any more');
  const { state } = issue;
  if (issue.attempt !== attempt)
    return takenBack(`attempt ${issue.attempt} at the issue has begun since`);
  if (state === 'in_progress') return going(issue.updated_at);
  if (state === 'open' || state === 'ready') return takenBack('the issue was given back');
  return done(`the issue is ${state}`);
}
