import type { Event } from '../../domain/event.ts';
import type { EventFilter } from '../store.ts';

/** Whether an event is among those that are wanted. */
export function fits(event: Event, filter: EventFilter): boolean {
  return (
    (filter.issue === undefined || event.issue === filter.issue) &&
    (filter.type === undefined || event.type === filter.type) &&
    (filter.actor === undefined || event.actor === filter.actor) &&
    (filter.since === undefined || Date.parse(event.at) >= Date.parse(filter.since))
  );
}
