import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { decideGate } from '../../operations/decide-gate.ts';
import { changeGates } from './_change-gates.ts';
import { decisionOptions, decisionPositionals, gatesInWords } from './_decision.ts';
import { withNearestKey } from './_nearest-key.ts';

export const fail = defineCommand({
  path: 'gate fail',
  summary: 'say that a gate is failed',
  description:
    'A failed decision is an answer, not an error: exit 0. A gated issue goes back to its holder, or is open again.',
  examples: [
    {
      argv: 'gate fail 7kq2 review --by ana --note "no tests for errors"',
      does: 'the review is failed, with a reason',
    },
  ],
  positionals: decisionPositionals,
  options: { ...decisionOptions, ...claimOptions },
  output: 'IssueChange',
  exits: [
    '3 no such issue or gate, or the issue does not carry it (GATE_NOT_ON_ISSUE)',
    '4 the issue is finished; the id is ambiguous',
    '7 the claim token is no longer current',
  ],
  run: (context, args) => {
    const decision = {
      status: 'failed',
      by: args.by ?? null,
      note: args.note ?? null,
      evidence: null,
    } as const;
    return withNearestKey(() =>
      changeGates(
        context,
        args,
        (tx, id, writer) => decideGate(tx, id, args.key, writer, decision).changed,
      ),
    );
  },
  render: (issue, style) => renderChange(issue, style, gatesInWords(issue)),
});
