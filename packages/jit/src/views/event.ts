import type { EventOutput } from '@jit/contract/outputs/event';
import type { Event } from '../domain/event.ts';

/** One line of the event log, with the fields that every event has. */
export function toEvent(event: Event): EventOutput {
  const { id, at, type, issue, actor, ...rest } = event;
  return { id, at, type, issue: issue ?? null, actor: actor ?? 'unknown', ...rest };
}
