import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted } from '../../cli/gate-trust.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { findGate, gateNotFound, issuesWithGate } from '../../operations/gate-definitions.ts';
import { toGate } from '../../views/gate.ts';
import { withNearestKey } from './_nearest-key.ts';
import { renderGate } from './_render.ts';

export const show = defineCommand({
  path: 'gate show',
  summary: 'the definition of a gate and who carries it',
  examples: [
    { argv: 'gate show review', does: 'what it is about and which unfinished issues carry it' },
  ],
  positionals: [{ name: 'key', required: true, describe: 'the gate' }],
  output: 'Gate',
  exits: ['3 no such gate (with the nearest)', "4 the gate's file can't be used"],
  run: (context, args) =>
    withNearestKey(() =>
      readTracker(context, (tx) => {
        const gate = findGate(tx, args.key);
        if (gate === undefined) throw gateNotFound(tx, args.key);
        return toGate(gate, issuesWithGate(tx, args.key), (each) => isTrusted(context, each));
      }),
    ),
  render: renderGate,
});
