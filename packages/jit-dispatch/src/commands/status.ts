import { usageError } from '@jit/contract/errors';
import type {
  DispatchEventOutput,
  DispatcherStatusOutput,
} from '@jit/contract/outputs/dispatcher-status';
import { defineCommand } from '../context.ts';
import { renderStatus } from '../views/render-status.ts';

type Item = DispatcherStatusOutput | DispatchEventOutput;

export const status = defineCommand({
  path: 'status',
  summary: 'Show the dispatcher, its agents, what runs and what waits',
  description:
    'With --watch it is drawn anew until you press Ctrl-C; into a pipe only when something changed. With --watch --json it is a stream of events: first one of type status with the whole status, then each record of the ledger, as soon as it is written; --since goes on after the last one that was seen.',
  examples: [
    { argv: 'status', does: 'who is working on what, and what waits' },
    { argv: 'status --watch', does: 'the same, live' },
    { argv: 'status --watch --json', does: 'everything that happens, an event per line' },
  ],
  options: {
    watch: { type: 'boolean', alias: 'w', describe: 'go on until interrupted' },
    interval: {
      type: 'number',
      min: 0.2,
      max: 3600,
      placeholder: 'SECS',
      describe: 'with --watch: pause between two looks (default: 5)',
    },
    since: {
      type: 'string',
      placeholder: 'ID',
      describe: 'with --watch --json: the last event that was seen',
    },
  },
  output: 'DispatcherStatus',
  exits: ['10 the tracker could not be asked; everything else is shown all the same'],
  stream: 'lines-if-iterable',
  redraws: true,
  async run(
    { dispatcher, output: { json, isTty } },
    { watch, interval: intervalSecs, since },
  ): Promise<DispatcherStatusOutput | AsyncIterableIterator<Item>> {
    if (!watch && (intervalSecs !== undefined || since !== undefined))
      throw usageError('--interval and --since need --watch');
    if (since !== undefined && !json) throw usageError('--since needs --json');
    if (!watch) return dispatcher.status();
    return json
      ? dispatcher.watchEvents({ since })
      : dispatcher.watchStatus({ intervalSecs, isEachTold: isTty });
  },
  // Events are only ever printed as JSON.
  render: (item, style) => ('tracker' in item ? renderStatus(item, style) : ''),
  exit: (item) => ('tracker' in item && !item.tracker.ok ? 'external' : null),
});
