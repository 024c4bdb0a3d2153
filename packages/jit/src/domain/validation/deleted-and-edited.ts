import type { Event } from '../event.ts';
import { byCodeUnit } from '../issue.ts';
import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/**
 * Issues that one side of a merge deleted and the other kept: the log says that they are gone, but the
 * file is there. A change of the issue after a write has noted it settles that it stays.
 */
export function deletedAndEdited({ names, events }: TrackerFacts): readonly Finding[] {
  const ofIssue = new Map<string, Event[]>();
  const deleted = new Set(
    events.flatMap(({ type, issue }) =>
      type === 'issue_deleted' && issue !== null ? [issue] : [],
    ),
  );
  for (const event of events) {
    if (event.issue === null || !deleted.has(event.issue) || !names.has(event.issue)) continue;
    const list = ofIssue.get(event.issue);
    if (list === undefined) ofIssue.set(event.issue, [event]);
    else list.push(event);
  }
  return [...ofIssue].flatMap(([id, list]) => {
    const deletion = openDeletion(list);
    if (deletion === null) return [];
    return {
      code: 'DELETED_AND_EDITED' as const,
      severity: 'warning' as const,
      subject: id,
      message: `${deletion.actor} deleted ${id} at ${deletion.at}, but its file is here: the other side of a merge had changed it, or it was put back`,
      fix: `Look at it: jit issue show ${id}. Any change of it, such as a comment, says that it stays; else delete it once more.`,
    };
  });
}

/** The deletion that the log ends with as far as the issue's existence goes, or null. */
function openDeletion(events: readonly Event[]): Event | null {
  const sorted = [...events].sort((a, b) => byCodeUnit(a.id, b.id));
  const last = sorted.findLast(({ type }) => LIFE.includes(type));
  if (last?.type !== 'issue_deleted') return null;
  const noted = sorted.find((event) => event.id > last.id && isNoted(event));
  const touched = sorted.some(
    ({ id, type }) => noted !== undefined && id > noted.id && !OF_JIT.includes(type),
  );
  return touched ? null : last;
}

const LIFE = ['issue_created', 'issue_imported', 'issue_deleted'];
const OF_JIT = ['ready_changed', 'merge_conflict'];

/** Whether an event notes that a deleted issue is there all the same. */
export function isNoted(event: Event): boolean {
  return event.type === 'merge_conflict' && event.field === 'file' && event.other === 'deleted';
}
