import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { addGates } from '../../operations/gate-definitions.ts';
import { fenceToken } from '../../operations/writer.ts';
import { changeGates } from './_change-gates.ts';
import { withNearestKey } from './_nearest-key.ts';

export const add = defineCommand({
  path: 'gate add',
  summary: 'put gates on an issue',
  examples: [
    { argv: 'gate add 7kq2 review tests', does: 'both must be passed' },
    {
      argv: 'gate add 7kq2 design --define',
      does: 'defines it on the way, as a manual entry gate',
    },
  ],
  positionals: [
    { name: 'id', required: true, describe: 'the issue' },
    { name: 'key', required: true, variadic: true, describe: 'a gate' },
  ],
  options: {
    define: { type: 'boolean', describe: 'define gates that are not there yet, as manual ones' },
    ...claimOptions,
  },
  output: 'IssueChange',
  exits: [
    '3 no such issue or gate (GATE_NOT_FOUND, with the nearest)',
    '4 the issue is finished; the id is ambiguous',
    '7 the claim token is no longer current',
  ],
  run: (context, args) =>
    withNearestKey(() =>
      changeGates(context, args, (tx, id, writer) => {
        fenceToken(tx, id, writer);
        return addGates(tx, id, args.key, args.define);
      }),
    ),
  render: (issue, style) =>
    renderChange(
      issue,
      style,
      `${issue.short_id} carries ${issue.gates.map(({ key }) => key).join(', ')}`,
    ),
});
