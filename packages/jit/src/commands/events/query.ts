import { EVENT_TYPES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { parseTime } from '../../cli/time.ts';
import { toEvent } from '../../views/event.ts';
import { lastOf } from './_follow.ts';
import { issueOf } from './_issue-of.ts';
import { renderEvents } from './_render.ts';

export const query = defineCommand({
  path: 'events query',
  summary: 'events by type, issue, actor and time, oldest first',
  description:
    'Every given filter must fit; --actor NAME shows what NAME did. The log also knows issues that were deleted.',
  examples: [
    { argv: 'events query --issue 7kq2', does: 'the history of an issue' },
    {
      argv: 'events query --type claimed,claim_expired --since 2026-11-20',
      does: 'who took what since then',
    },
    { argv: 'events query --since 2h --limit 50', does: 'the last two hours, at most 50 events' },
  ],
  options: {
    type: { type: 'list', split: ',', choices: EVENT_TYPES, describe: 'one of these types' },
    issue: { type: 'string', placeholder: 'ID', describe: 'about this issue' },
    since: {
      type: 'string',
      placeholder: 'TIME',
      describe: 'at or after this time (RFC 3339), or so long ago: 30m, 2h, 7d, 1w',
    },
    limit: {
      type: 'number',
      integer: true,
      min: 1,
      describe: 'the newest so many; said on stderr where it cuts',
    },
  },
  output: 'Event[]',
  exits: [
    '2 no such type (with the nearest); the time is none',
    '3 no such issue, also not in the log',
  ],
  run(context, args) {
    return readTracker(context, (tx) => {
      const since = args.since === undefined ? undefined : sinceOf(args.since, tx.now);
      const issue = args.issue === undefined ? undefined : issueOf(tx, args.issue);
      const [only, ...others] = args.type;
      const type = others.length === 0 ? only : undefined;
      const found = tx
        .events({ issue, type, actor: context.actorFlag, since })
        .filter((event) => args.type.length === 0 || args.type.includes(event.type));
      const { limit = found.length } = args;
      if (limit < found.length) context.warn(`showing the newest ${limit} of ${found.length}`);
      return lastOf(found, limit).map(toEvent);
    });
  },
  render: renderEvents,
});

/** A time in milliseconds; a duration counts back from now. Errors: USAGE for anything else. */
function sinceOf(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,9})(s|m|h|d|w)$/.exec(text) ?? [];
  if (count === undefined) return parseTime(text, '--since', 'a duration such as 2h');
  const ms = now - Number(count) * (UNITS.get(unit) ?? 0);
  // Before year 0 there is nothing to find, and no way to write the time.
  return new Date(Math.max(ms, 0)).toISOString();
}

const SECOND = 1000;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND],
  ['m', 60 * SECOND],
  ['h', 3600 * SECOND],
  ['d', 86_400 * SECOND],
  ['w', 604_800 * SECOND],
]);
