import type { Style } from '@jit/cli-kit/style';
import type { EventOutput } from '@jit/contract/outputs/event';

const COMMON = new Set(['id', 'at', 'type', 'issue', 'actor']);

/** One line per event: when, who, what, on which issue, and the rest of its fields. */
export function renderEvents(events: readonly EventOutput[], style: Style): string {
  return events.map((event) => renderEvent(event, style)).join('\n');
}

/** One event on one line. */
export function renderEvent(event: EventOutput, style: Style): string {
  const rest = Object.entries(event).filter(([name]) => !COMMON.has(name));
  const facts = rest.map(([name, value]) => `${name}=${inWords(value)}`).join(' ');
  const words = [
    style.dim(event.at),
    style.cyan(event.type),
    event.issue ?? '-',
    event.actor,
    facts,
  ];
  return words.filter((word) => word !== '').join('  ');
}

function inWords(value: unknown): string {
  const text = typeof value === 'string' ? value : (causeInWords(value) ?? JSON.stringify(value));
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(value);
}

/** What made an issue ready or not: the type of the event and the issue it happened on. */
function causeInWords(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('event' in value && 'type' in value))
    return null;
  const issue = 'issue' in value && typeof value.issue === 'string' ? `:${value.issue}` : '';
  return `${value.type}${issue}`;
}
