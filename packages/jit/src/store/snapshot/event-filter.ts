import type { Event } from '../../domain/event.ts';
import type { EventFilter } from '../store.ts';

/** Whether every given part of the filter fits. */
export function fits(event: Event, filter: EventFilter): boolean {
  return (
    (filter.issue === undefined || event.issue === filter.issue) &&
    (filter.type === undefined || event.type === filter.type) &&
    (filter.actor === undefined || event.actor === filter.actor) &&
    (filter.since === undefined || Date.parse(event.at) >= Date.parse(filter.since))
  );
}
