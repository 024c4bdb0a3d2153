import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { RunLogOutput } from '@jit/contract/outputs/dispatch';
import { type DispatchContext, defineCommand } from '../context.ts';
import type { Run } from '../ledger/run.ts';
import { RUN_FILES } from '../run-records.ts';
import { openOutput } from '../runners/open-output.ts';
import { followLog } from './_follow-log.ts';
import { collectText, lastLines } from './_log-text.ts';
import { resolveRun, type SiteRun } from './_resolve-run.ts';

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
  async run(context, args): Promise<RunLogOutput | AsyncIterableIterator<RunLogOutput>> {
    const run = await resolveRun(context, args.run);
    const folder = join(run.site.folder, 'runs', run.run);
    const path = join(folder, RUN_FILES.output);
    const facts = { run: run.run, state: run.state, path };
    const reader = openOutput(folder);
    const { text, leftOut } = collectText(reader);
    if (!reader.exists && run.ended_at !== null) throw noLog(run, folder);
    const wanted = args.tail === undefined ? text : lastLines(text, args.tail);
    const log: RunLogOutput = {
      ...facts,
      text: args.path ? null : wanted,
      truncated: leftOut > 0 || wanted.length < text.length,
      left_out: leftOut,
    };
    if (!args.follow || args.path) return log;
    return followLog(log, { reader, folder, find: await finderOf(context, run) });
  },
  render: ({ text, path }) => text ?? path,
});

async function finderOf({ readLedger }: DispatchContext, run: SiteRun): Promise<() => Run> {
  const ledger = await readLedger(run.site);
  return () => ledger?.find(run.run) ?? run;
}

function noLog({ run, reason }: Run, folder: string): JitError {
  return new JitError('not_found', 'NO_LOG', `run ${run} has no log any more`, {
    hint: `it ended with ${reason ?? 'no reason'}; see jit-dispatch runs --all`,
    details: { run, folder },
  });
}
