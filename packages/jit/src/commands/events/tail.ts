import type { EventOutput } from '@jit/contract/outputs/event';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toEvent } from '../../views/event.ts';
import { follow, lastOf } from './_follow.ts';
import { renderEvent, renderEvents } from './_render.ts';

export const tail = defineCommand({
  path: 'events tail',
  summary: 'the newest events, and with --follow those to come',
  description:
    'With --json an array; with --follow one event per line, until interrupted. Events of other processes show at once; an event that a merge brings in late is printed when it comes.',
  examples: [
    { argv: 'events tail -n 20', does: 'the last twenty' },
    { argv: 'events tail --follow --json', does: 'a line of JSON for everything that happens' },
  ],
  options: {
    lines: {
      type: 'number',
      integer: true,
      min: 0,
      default: 10,
      alias: 'n',
      placeholder: 'N',
      describe: 'how many',
    },
    follow: { type: 'boolean', describe: 'go on with what happens from now on' },
  },
  output: 'Event[]',
  exits: ['130 --follow was interrupted'],
  stream: 'lines-if-iterable',
  run(context, args): EventOutput[] | AsyncIterableIterator<EventOutput> {
    if (args.follow) return follow(context.store.feed(), args.lines);
    return readTracker(context, (tx) => lastOf(tx.events({}), args.lines).map(toEvent));
  },
  render: (data, style) =>
    Array.isArray(data) ? renderEvents(data, style) : renderEvent(data, style),
});
