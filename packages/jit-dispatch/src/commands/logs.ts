import type { RunLogOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';

export const logs = defineCommand({
  path: 'logs',
  summary: 'Show what the agent of a run printed',
  description:
    'Secrets were taken out when it was written. Of much output the beginning and the newest are kept; a line says what is left out. What a terminal would act on is not printed; --path names the file.',
  examples: [
    { argv: 'logs 01k9', does: 'all that was kept' },
    { argv: 'logs 01k9 -f --tail 20', does: 'the last lines, and on until the agent has ended' },
    { argv: 'logs 01k9 --path', does: 'where it is' },
  ],
  positionals: [
    { name: 'run', required: true, describe: 'id of the run; a unique beginning will do' },
  ],
  options: {
    follow: { type: 'boolean', alias: 'f', describe: 'go on until the agent has ended' },
    tail: {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'the last N lines only',
    },
    path: { type: 'boolean', describe: 'print only where the log is' },
  },
  output: 'RunLog',
  exits: ['3 no such run, or it has no log any more', '4 several runs begin with that'],
  stream: 'lines-if-iterable',
  async run(
    { dispatcher },
    { run, tail, follow, path },
  ): Promise<RunLogOutput | AsyncIterableIterator<RunLogOutput>> {
    if (path) return { ...(await dispatcher.logs(run, { tail })), text: null };
    return follow ? dispatcher.followLogs(run, { tail }) : dispatcher.logs(run, { tail });
  },
  render: ({ text, path }) => text ?? path,
});
