import { isFields } from './fields.ts';
import { parseJsonLines } from './json-lines.ts';
import type { Report } from './report.ts';
import { compareTimes, type ExactTime, parseTime } from './times.ts';

/** The first and the last time at which the log speaks of an issue. */
export interface EventSpan {
  readonly first: ExactTime;
  readonly last: ExactTime;
}

/** What the log of just-in-time is good for here. */
export interface EventFacts {
  readonly read: number;
  readonly spans: ReadonlyMap<string, EventSpan>;
}

/**
 * Reads `events.jsonl` in any order of its lines. The events themselves do not come over: they lack
 * actor and values, which ours carry. They tell when an issue began and last changed.
 */
export function readEvents(
  text: string | null,
  isKnown: (id: string) => boolean,
  report: Report,
): EventFacts {
  const { lines, bad } = parseJsonLines(text ?? '');
  const spans = new Map<string, EventSpan>();
  for (const { line, problem } of bad) {
    report.skipped('event line', 'it can not be read', `events.jsonl:${line}: ${problem}`);
  }
  for (const { line, value } of lines) {
    const event = isFields(value) ? value : {};
    const type = typeof event.type === 'string' ? event.type : `line ${line}`;
    report.skipped(
      'event',
      'the events of just-in-time lack actor and values, ours carry both',
      type,
    );
    const { issue_id } = event;
    if (typeof issue_id !== 'string')
      report.skipped('event without an issue', 'nothing to tell of', type);
    else if (!isKnown(issue_id)) {
      report.skipped('event of a missing issue', 'the issue does not come over', issue_id);
    } else widen(spans, issue_id, parseTime(event.timestamp));
  }
  return { read: lines.length + bad.length, spans };
}

function widen(spans: Map<string, EventSpan>, id: string, time: ExactTime | null): void {
  if (time === null) return;
  const span = spans.get(id) ?? { first: time, last: time };
  spans.set(id, {
    first: compareTimes(time, span.first) < 0 ? time : span.first,
    last: compareTimes(time, span.last) > 0 ? time : span.last,
  });
}
