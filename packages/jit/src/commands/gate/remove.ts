import { usageError } from '@jit/contract/errors';
import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import type { WriterArgs } from '../../cli/writer.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import type { JitContext } from '../../context.ts';
import { removeGate, removeIssueGates } from '../../operations/gate-definitions.ts';
import { fenceToken } from '../../operations/writer.ts';
import { withNearestKey } from './_nearest-key.ts';

export const remove = defineCommand({
  path: 'gate remove',
  summary: 'remove a definition, or take a gate off one issue',
  description:
    'A definition stays while unfinished issues carry it. Taking the last open exit gate off a gated issue makes it done.',
  examples: [
    { argv: 'gate remove review', does: 'removes the definition' },
    { argv: 'gate remove review --issue 7kq2', does: 'takes it off this issue only' },
  ],
  positionals: [{ name: 'key', required: true, describe: 'the gate' }],
  options: {
    issue: {
      type: 'string',
      placeholder: 'ID',
      describe: 'take it off this issue, the definition stays',
    },
    ...claimOptions,
  },
  output: 'GateRemoved',
  exits: [
    '3 no such gate or issue',
    '4 unfinished issues carry it (GATE_IN_USE, with their ids)',
    '7 the claim token is no longer current',
  ],
  run(context, args) {
    const { issue, key } = args;
    if (issue === undefined && args.claim !== undefined) throw usageError('--claim needs --issue');
    return withNearestKey(() =>
      issue === undefined
        ? removeDefinition(context, key)
        : takeOff(context, key, { ...args, issue }),
    );
  },
  render: ({ key, changed, issues }, style) => {
    if (!changed) return `${issues.join(', ')} does not carry gate ${key}: nothing changed`;
    return style.bold(
      issues.length === 0 ? `removed gate ${key}` : `took gate ${key} off ${issues.join(', ')}`,
    );
  },
});

function removeDefinition(context: JitContext, key: string) {
  return writeTracker(context, (tx) => {
    removeGate(tx, key);
    return { key, changed: true, issues: [] };
  });
}

function takeOff(context: JitContext, key: string, args: WriterArgs & { issue: string }) {
  return writeTracker(context, (tx) => {
    const id = tx.resolve(args.issue);
    tx.mustHave(id);
    fenceToken(tx, id, writerOf(context, tx, id, args));
    return { key, changed: removeIssueGates(tx, id, [key]), issues: [id] };
  });
}
