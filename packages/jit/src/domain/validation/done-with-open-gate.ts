import type { Event } from '../event.ts';
import type { Issue } from '../issue.ts';
import { byCodeUnit } from '../issue.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Issues that were done although an exit gate is not passed and nobody forced it. */
export function doneWithOpenGate({
  issues,
  gates,
  events,
}: Pick<TrackerFacts, 'issues' | 'gates' | 'events'>): readonly Finding[] {
  const suspects = issues.filter(({ state }) => state === 'done' || state === 'archived');
  const isOpen = ([key, { status }]: [string, { status: string }]) =>
    gates.get(key)?.stage === 'done' && status !== 'passed';
  const open = suspects
    .map((issue) => ({ issue, keys: openKeys(issue, isOpen) }))
    .filter(({ keys }) => keys.length > 0);
  if (open.length === 0) return [];
  const { forced, rejected } = history(events);
  return open
    .filter(({ issue }) => !forced.has(issue.id))
    .filter(({ issue }) => issue.state === 'done' || !rejected.has(issue.id))
    .map(({ issue, keys }) => ({
      code: 'DONE_WITH_OPEN_GATE',
      severity: 'error',
      subject: issue.id,
      message: `${issue.id} is ${issue.state}, but exit gates are not passed: ${keys.join(', ')}`,
      fix: wayOut(issue),
    }));
}

/** No command brings back what is archived: its file has to say done before it can be reopened. */
function wayOut({ id, state }: Issue): string {
  const first =
    state === 'archived' ? `Write "done" for its state in .jit/issues/${id}.json. ` : '';
  return `${first}Reopen it, have the gates decided and finish it again: jit issue reopen ${id}`;
}

function openKeys(
  issue: Issue,
  isOpen: (entry: [string, { status: string }]) => boolean,
): readonly string[] {
  const entries = Object.entries(issue.gates).filter(isOpen);
  return entries.map(([key]) => key).sort(byCodeUnit);
}

/** Who was forced to done, and who was rejected before being put away. */
function history(events: readonly Event[]): {
  forced: ReadonlySet<string | null>;
  rejected: ReadonlySet<string | null>;
} {
  const forced = new Set<string | null>();
  const rejected = new Set<string | null>();
  for (const event of events) {
    if (event.type === 'forced') forced.add(event.issue);
    if (event.type !== 'state_changed' || event.to !== 'archived') continue;
    if (event.from === 'rejected') rejected.add(event.issue);
    else rejected.delete(event.issue);
  }
  return { forced, rejected };
}
