import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { type DispatchContext, defineCommand } from '../context.ts';
import { type DecisionRecord, recordOf } from '../planning/choosing/decision-record.ts';
import { toDecisionOutput } from '../views/to-decision-output.ts';
import { askedSites, repositoryOption } from './_asked-sites.ts';
import { cycleOnce } from './_cycle-once.ts';
import { lockTimeout } from './_lock-timeout.ts';
import { planNow } from './_plan-now.ts';
import { renderCycle } from './_render-cycle.ts';

export const once = defineCommand({
  path: 'once',
  summary: 'Run one cycle and exit; agents go on, the next cycle settles them',
  examples: [
    { argv: 'once', does: 'settle what ended, start what is ready' },
    { argv: 'once --repository api', does: 'start only what is ready in this one of several' },
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
    ...repositoryOption,
    ...lockTimeout,
  },
  output: 'Cycle',
  exits: [
    '10 the tracker could not be asked; of several repositories one: the others were worked on',
    '75 a dispatcher of this name is running',
  ],
  async run(context, args): Promise<CycleOutput> {
    const maxStarts = args.maxIssues ?? null;
    await askedSites(context, args.repository);
    const within = args.repository ?? null;
    const lockTimeoutMs = args.lockTimeout * 1000;
    return args.dryRun
      ? planOnly(context, maxStarts, within)
      : cycleOnce(context, { maxStarts, only: null, within, lockTimeoutMs });
  },
  render: renderCycle,
  exit: ({ errors }) => (errors.length > 0 ? 'external' : null),
});

async function planOnly(
  context: DispatchContext,
  maxStarts: number | null,
  within: string | null,
): Promise<CycleOutput> {
  const records = new Map<string, DecisionRecord>();
  const { ready, decisions, errors } = await planNow(context, {
    maxStarts,
    within,
    onDecision: ({ issue }, { subject, slots }) =>
      records.set(issue.key, recordOf(subject, slots, null)),
  });
  return {
    dry_run: true,
    ready,
    decisions: decisions.map((each) => toDecisionOutput(each, records.get(each.issue.key))),
    started: [],
    checking: [],
    settled: [],
    failed: [],
    lost: [],
    errors: [...errors],
  };
}
