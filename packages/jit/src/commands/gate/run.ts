import { defineCommand } from '../../cli/define-command.ts';
import { claimOptions } from '../../cli/writer.ts';
import { runGates } from './_run-gates.ts';
import { renderReport } from './_told-runs.ts';

export const run = defineCommand({
  path: 'gate run',
  summary: 'run the checkers of automatic gates',
  description:
    'Runs in the root of the git worktree it is called from, with JIT_ISSUE_ID, JIT_GATE_KEY and JIT_DIR; no lock is held meanwhile. Without keys: every automatic gate that is not passed. A result counts only if attempt, commit and definition are at the end what they were at the start.',
  examples: [
    { argv: 'gate run 7kq2', does: 'runs every automatic gate that is not passed' },
    { argv: 'gate run 7kq2 tests lint', does: 'runs these two, also if they are passed' },
  ],
  positionals: [
    { name: 'id', required: true, describe: 'the issue' },
    { name: 'key', variadic: true, describe: 'a gate' },
  ],
  options: claimOptions,
  output: 'GateRunReport',
  exits: [
    '0 passed, or nothing to run',
    '3 no such issue or gate, or the issue does not carry it',
    '4 GATE_FAILED; GATE_NOT_AUTO; the issue is finished',
    '5 GATE_NOT_TRUSTED: its definition was not made or trusted on this machine',
    '6 GATE_RUN_STALE: what it looked at has changed; only kept',
    '7 the claim token is no longer current',
    '10 CHECKER_COULD_NOT_RUN: the gate stays as it is',
  ],
  waits: () => true,
  run: (context, args) => runGates(context, { ...args, keys: args.key, by: null, note: null }),
  render: renderReport,
});
