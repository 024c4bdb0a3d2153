import type { Event } from '../../domain/event.ts';
import { byCodeUnit } from '../../domain/issue.ts';
import type { Layout } from '../layout.ts';
import type { EventFeed } from '../store.ts';
import type { KnownEventFile } from './event-log.ts';
import { readNewLines } from './event-log.ts';

/**
 * Follows the month files: what only grew is read from where it ended, new months are found by
 * listing. An event that a git merge brings in late is told when it comes.
 */
export class MonthFilesFeed implements EventFeed {
  private readonly layout: Layout;
  private readonly known = new Map<string, KnownEventFile>();
  private readonly told = new Set<string>();

  constructor(layout: Layout) {
    this.layout = layout;
  }

  next(): readonly Event[] {
    const delta = readNewLines(this.known, this.layout);
    for (const file of delta.gone) this.known.delete(file);
    for (const { file, bytes, hash, mark } of delta.files)
      this.known.set(file, { bytes, hash, mark });
    const fresh: Event[] = [];
    for (const { event } of delta.events) {
      if (this.told.has(event.id)) continue;
      this.told.add(event.id);
      fresh.push(event);
    }
    return fresh.sort((a, b) => byCodeUnit(a.id, b.id));
  }
}
