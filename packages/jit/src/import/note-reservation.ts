import type { Issue } from '../domain/issue.ts';
import type { Report } from './report.ts';

/** An open issue with an assignee is a reservation here: worth a look, nobody else can claim it. */
export function noteReservation(issue: Issue, report: Report): void {
  if (issue.state !== 'open' || issue.assignee === null) return;
  report.mapped('assignee of an open issue', 'assignee', 'reservation for the assignee', issue.id);
}
