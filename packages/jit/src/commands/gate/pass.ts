import { usageError } from '@jit/contract/errors';
import type { GateRunReportOutput } from '@jit/contract/outputs/gate';
import type { IssueChangeOutput } from '@jit/contract/outputs/issue';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { decideGate } from '../../operations/decide-gate.ts';
import { changeGates } from './_change-gates.ts';
import { decisionOptions, decisionPositionals, gatesInWords } from './_decision.ts';
import { withNearestKey } from './_nearest-key.ts';
import { runGates } from './_run-gates.ts';
import { renderReport } from './_told-runs.ts';

export const pass = defineCommand({
  path: 'gate pass',
  summary: 'say that a gate is passed',
  description:
    'The last exit gate that passes makes a gated issue done. An automatic gate is passed by its checker only: this runs it, as gate run does.',
  examples: [{ argv: 'gate pass 7kq2 review --by ana', does: 'the review is passed' }],
  positionals: decisionPositionals,
  options: { ...decisionOptions, ...claimOptions },
  output: 'IssueChange | GateRunReport',
  exits: [
    '3 no such issue or gate, or the issue does not carry it (GATE_NOT_ON_ISSUE)',
    '4 the issue is finished; the id is ambiguous; GATE_FAILED',
    '5, 6, 10 of an automatic gate: as gate run',
    '7 the claim token is no longer current',
  ],
  async run(context, args): Promise<IssueChangeOutput | GateRunReportOutput> {
    const { id, key, by = null, note = null } = args;
    if (readTracker(context, (tx) => tx.gate(key)?.mode) === 'auto') {
      // A manual gate may be passed with the lock held, so this command is not declared as one that waits.
      if (context.isBatchLine) {
        throw usageError(`gate ${key} is automatic: in a batch, gate pass runs no checker`, {
          hint: `Let the line be ["gate","run",ID,"${key}"].`,
        });
      }
      return runGates(context, { ...args, id, keys: [key], by, note });
    }
    const decision = { status: 'passed', by, note, evidence: null } as const;
    return withNearestKey(() =>
      changeGates(
        context,
        args,
        (tx, full, writer) => decideGate(tx, full, key, writer, decision).changed,
      ),
    );
  },
  render: (answer, style) =>
    'runs' in answer
      ? renderReport(answer, style)
      : renderChange(answer, style, gatesInWords(answer)),
});
