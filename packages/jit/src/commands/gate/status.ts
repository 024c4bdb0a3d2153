import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toGateStatus } from '../../views/gate.ts';
import { renderGateStatus } from './_render.ts';

export const status = defineCommand({
  path: 'gate status',
  summary: 'how the gates of an issue stand',
  examples: [
    {
      argv: 'gate status 7kq2 --json',
      does: 'every gate with who decided it and when, and its last run',
    },
  ],
  positionals: [{ name: 'id', required: true, describe: 'the issue' }],
  output: 'GateStatus',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) =>
    readTracker(context, (tx) =>
      toGateStatus(tx, tx.mustHave(tx.resolve(args.id)), context.gateRuns.last),
    ),
  render: (data, style) => renderGateStatus(data.gates, style),
});
