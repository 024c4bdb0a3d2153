import { JitError } from '@jit/contract/errors';
import type { GateLogOutput } from '@jit/contract/outputs/gate';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { gateOn } from '../../operations/decide-gate.ts';
import { withNearestKey } from './_nearest-key.ts';

export const log = defineCommand({
  path: 'gate log',
  summary: 'what a checker printed',
  description:
    'Kept on the machine it ran on: of each gate of an issue the newest 10 runs, of each run the first megabyte and the last three.',
  examples: [{ argv: 'gate log 7kq2 tests', does: 'the output of the newest run' }],
  positionals: [
    { name: 'id', required: true, describe: 'the issue' },
    { name: 'key', required: true, describe: 'the gate' },
  ],
  options: { run: { type: 'string', placeholder: 'RUN', describe: 'this run, not the newest' } },
  output: 'GateLog',
  exits: ['3 no such issue, gate or run (NO_GATE_RUN)'],
  async run(context, args): Promise<GateLogOutput> {
    const id = await withNearestKey(() =>
      readTracker(context, (tx) => {
        const issue = tx.mustHave(tx.resolve(args.id));
        gateOn(tx, issue, args.key);
        return issue.id;
      }),
    );
    const { gateRuns } = context;
    const run =
      args.run === undefined ? gateRuns.last(id, args.key) : gateRuns.find(id, args.key, args.run);
    if (run === undefined) throw noRun(id, args.key, args.run);
    const output = new TextDecoder().decode(gateRuns.output(run.id));
    return { ...run, output, path: gateRuns.pathOf(run.id) };
  },
  render: ({ output, end }, style) =>
    output === '' && style.isTty ? style.dim(`nothing was printed (${end})`) : output,
});

function noRun(issue: string, gate: string, run: string | undefined): JitError {
  const which = run === undefined ? 'no run' : `no run ${run}`;
  return new JitError(
    'not_found',
    'NO_GATE_RUN',
    `${which} of gate ${gate} of ${issue} is kept here`,
    {
      hint: 'Output stays on the machine where the checker ran.',
      details: { issue, gate, run: run ?? null },
    },
  );
}
