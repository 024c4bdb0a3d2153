import { usageError } from '@jit/contract/errors';
import { EVENT_TYPES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
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
  ],
  options: {
    type: { type: 'list', split: ',', choices: EVENT_TYPES, describe: 'one of these types' },
    issue: { type: 'string', placeholder: 'ID', describe: 'about this issue' },
    since: { type: 'string', placeholder: 'TIME', describe: 'at or after this time (RFC 3339)' },
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
    const since = args.since === undefined ? undefined : timeOf(args.since);
    return readTracker(context, (tx) => {
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

function timeOf(text: string): string {
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(
    text,
  );
  const ms = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw usageError(`--since: "${text}" is no time`, {
    hint: 'RFC 3339, such as 2026-12-24 or 2026-12-24T09:00:00Z.',
  });
}
