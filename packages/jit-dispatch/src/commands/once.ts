import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { type DispatchContext, defineCommand } from '../context.ts';
import { look, onlyIn } from '../daemon/looking/look.ts';
import { planTogether, readKnown } from '../daemon/looking/plan-together.ts';
import { readAdmission } from '../daemon/looking/read-admission.ts';
import { toDecisionOutput } from '../views/to-decision-output.ts';
import { askedSites, repositoryOption } from './_asked-sites.ts';
import { cycleOnce } from './_cycle-once.ts';
import { lockTimeout } from './_lock-timeout.ts';
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
  const { config } = context;
  const now = context.now();
  const looks = await Promise.all(
    context.sites.map(async (site) => {
      const { repository } = site;
      const ledger = await context.readLedger(site);
      const known = readKnown({ repository, ledger }, config, now);
      try {
        const { tracker } = await context.locateTracker(site);
        const view = { repository, tracker, ledger };
        return {
          known,
          sight: await look(view, { config, now, only: onlyIn(within, repository) }),
        };
      } catch (error) {
        if (!(error instanceof JitError) || context.sites.length === 1) throw error;
        return { known, error: { repository, code: error.code, message: error.message } };
      }
    }),
  );
  const sights = looks.flatMap(({ sight }) => sight ?? []);
  const known = looks.map((each) => each.known);
  const noRoom = await readAdmission(config.admission, join(config.folder, '.jit-dispatch'));
  const { decisions } = planTogether(sights, { config, now, known, noRoom, maxStarts });
  return {
    dry_run: true,
    ready: sights.reduce((sum, { ready }) => sum + ready.length, 0),
    decisions: decisions.map(toDecisionOutput),
    started: [],
    checking: [],
    settled: [],
    failed: [],
    lost: [],
    errors: looks.flatMap(({ error }) => error ?? []),
  };
}
