import { resolve } from 'node:path';
import { defineCommand } from '../../cli/define-command.ts';
import { planJustInTimeImport } from '../../import/just-in-time.ts';
import { readJustInTimeSource } from '../../import/read-source.ts';
import { renderImport } from './_render.ts';
import { importExits, importOptions, takeOver } from './_take-over.ts';

export const justInTime = defineCommand({
  path: 'import just-in-time',
  summary: 'take over the issues and gates of just-in-time',
  description:
    'Ids stay. What is here already stays as it is, so a second run changes nothing. Every field is accounted for.',
  examples: [
    { argv: 'import just-in-time ../old/.jit --dry-run', does: 'tells what would come over' },
    { argv: 'import just-in-time ../old/.jit', does: 'takes it over in one write' },
  ],
  positionals: [{ name: 'dir', required: true, describe: 'the .jit folder of just-in-time' }],
  options: importOptions,
  output: 'Import',
  exits: importExits,
  run(context, args) {
    const files = readJustInTimeSource(resolve(context.around.cwd, args.dir));
    const plan = planJustInTimeImport(files, { now: new Date().toISOString() });
    return takeOver(context, plan, args.dryRun);
  },
  render: renderImport,
});
