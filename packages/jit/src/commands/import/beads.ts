import { resolve } from 'node:path';
import { defineCommand } from '../../cli/define-command.ts';
import { planBeadsImport } from '../../import/beads.ts';
import { readBeadsSource } from '../../import/read-source.ts';
import { renderImport } from './_render.ts';
import { importExits, importOptions, takeOver } from './_take-over.ts';

export const beads = defineCommand({
  path: 'import beads',
  summary: 'take over the issues of beads (bd or br)',
  description:
    'Ids stay. What is here already stays as it is, so a second run changes nothing. Every field is accounted for.',
  examples: [
    { argv: 'import beads .beads/issues.jsonl --dry-run', does: 'tells what would come over' },
    { argv: 'import beads .beads', does: 'takes it over in one write' },
  ],
  positionals: [{ name: 'file', required: true, describe: 'the JSONL file, or the .beads folder' }],
  options: {
    ...importOptions,
    'keep-tombstones': { type: 'boolean', describe: 'take over deleted issues too, as rejected' },
  },
  output: 'Import',
  exits: importExits,
  run(context, args) {
    const source = readBeadsSource(resolve(context.around.cwd, args.file));
    const now = new Date().toISOString();
    const plan = planBeadsImport(source.text, {
      now,
      path: source.path,
      keepTombstones: args.keepTombstones,
    });
    return takeOver(context, plan, args.dryRun);
  },
  render: renderImport,
});
