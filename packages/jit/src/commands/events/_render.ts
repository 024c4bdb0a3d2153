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
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(value);
}
