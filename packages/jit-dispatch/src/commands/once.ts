import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { type DispatchContext, defineCommand } from '../context.ts';
import { plan } from '../daemon/cycle.ts';
import { toDecisionOutput } from '../views/to-decision-output.ts';
import { cycleOnce } from './_cycle-once.ts';
import { lockTimeout } from './_lock-timeout.ts';
import { renderCycle } from './_render-cycle.ts';

export const once = defineCommand({
  path: 'once',
  summary: 'Run one cycle and exit; agents go on, the next cycle settles them',
  examples: [
    { argv: 'once', does: 'settle what ended, start what is ready' },
    { argv: 'once --dry-run', does: 'show what would be started and why the rest waits' },
  ],
  options: {
    'dry-run': { type: 'boolean', describe: 'look and plan only: nothing is written or started' },
    'max-issues': {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'start at most N issues',
    },
    ...lockTimeout,
  },
  output: 'Cycle',
  exits: ['10 the tracker could not be asked', '75 a dispatcher of this name is running'],
  run: (context, args): Promise<CycleOutput> => {
    const maxStarts = args.maxIssues ?? null;
    return args.dryRun
      ? planOnly(context, maxStarts)
      : cycleOnce(context, { maxStarts, only: null, lockTimeoutMs: args.lockTimeout * 1000 });
  },
  render: renderCycle,
});

async function planOnly(context: DispatchContext, maxStarts: number | null): Promise<CycleOutput> {
  const { tracker } = await context.locateTracker();
  const ledger = await context.readLedger();
  const { ready, decisions } = await plan(
    { config: context.config, tracker, ledger },
    { now: context.now(), runs: ledger?.liveRuns() ?? [], maxStarts, only: null },
  );
  return {
    dry_run: true,
    ready,
    decisions: decisions.map(toDecisionOutput),
    started: [],
    checking: [],
    settled: [],
    failed: [],
    lost: [],
  };
}
