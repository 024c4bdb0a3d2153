import { usageError } from '@jit/contract/errors';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import type { GateRun } from '../../domain/gate-run.ts';
import { endInWords, verdictOf } from '../../domain/verdict.ts';
import { planGateRuns } from '../../operations/gate-runs.ts';
import { headAndTail } from '../../platform/head-and-tail.ts';
import { systemClock } from '../../platform/machine.ts';
import { toGateRunReport } from '../../views/gate.ts';
import { withNearestKey } from './_nearest-key.ts';
import { settle } from './_run-gates.ts';
import { refuseUnlessPassed, renderReport, tailOf } from './_told-runs.ts';

export const report = defineCommand({
  path: 'gate report',
  summary: 'bring the result of a checker that ran on another machine',
  description:
    'The exit code of the checker decides as with gate run: 0 passes, 1 to 125 fail, 126 and more could not run and decide nothing. Its output is kept here.',
  examples: [
    {
      argv: 'gate report 7kq2 tests --exit 0 --commit 1a2b3c4d --output-file test.log',
      does: 'the tests passed at this commit',
    },
  ],
  positionals: [
    { name: 'id', required: true, describe: 'the issue' },
    { name: 'key', required: true, describe: 'the gate' },
  ],
  options: {
    exit: {
      type: 'number',
      integer: true,
      min: 0,
      max: 255,
      required: true,
      placeholder: 'N',
      describe: 'the exit code of the checker',
    },
    commit: {
      type: 'string',
      required: true,
      describe: 'the commit it looked at, in hexadecimal; none where there is no git',
    },
    output: { type: 'text', allowEmpty: true, describe: 'what it printed' },
    attempt: {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: "the issue's attempt it ran for; another one by now: the result is only kept",
    },
    ...claimOptions,
  },
  output: 'GateRunReport',
  exits: [
    '3 no such issue or gate, or the issue does not carry it',
    '4 GATE_FAILED; GATE_NOT_AUTO; the issue is finished',
    '6 GATE_RUN_STALE: the issue is at another attempt; only kept',
    '7 the claim token is no longer current',
    '10 CHECKER_COULD_NOT_RUN: the gate stays as it is',
  ],
  async run(context, args) {
    const commit = commitOf(args.commit);
    const [planned] = await withNearestKey(() =>
      readTracker(context, (tx) => {
        const id = tx.resolve(args.id);
        tx.mustHave(id);
        return planGateRuns(tx, id, [args.key], writerOf(context, tx, id, args));
      }),
    );
    if (planned === undefined) throw new Error('one gate is named, so there is one run');
    const output = headAndTail();
    output.add(new TextEncoder().encode(args.output ?? ''));
    const end = { kind: 'exited', code: args.exit } as const;
    const now = systemClock().wall;
    const at = new Date(now).toISOString();
    const run: GateRun = {
      id: context.gateRuns.newId(planned.issue, args.key, now),
      issue: planned.issue,
      gate: args.key,
      attempt: args.attempt ?? planned.attempt,
      commit,
      command: planned.gate.checker.command,
      by: context.actor,
      started_at: at,
      ended_at: at,
      exit: args.exit,
      signal: null,
      verdict: verdictOf(end),
      end: endInWords(end),
      output_bytes: output.total,
      reported: true,
      stale: null,
    };
    context.gateRuns.save(run, output.bytes());
    // Which commit is checked out here says nothing about another machine.
    const settled = settle(context, args, {
      planned: { ...planned, attempt: run.attempt },
      run,
      commitNow: commit,
      by: null,
      note: null,
    });
    const told = [{ ...settled.run, output_tail: tailOf(run, output.end(16_384)) }];
    refuseUnlessPassed(run.issue, told);
    return readTracker(context, (tx) => toGateRunReport(tx, run.issue, told, settled.isChange));
  },
  render: renderReport,
});

function commitOf(text: string): string | null {
  if (text === 'none') return null;
  if (/^[0-9a-f]{7,64}$/i.test(text)) return text.toLowerCase();
  throw usageError(`--commit ${text} is no commit`, {
    hint: 'Give 7 to 64 hexadecimal digits, or none.',
  });
}
