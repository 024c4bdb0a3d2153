import type { DrainedOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { delay, uptimeMs } from '../keeper/clock.ts';
import type { Run } from '../ledger/run.ts';
import { renderRuns } from '../views/render-runs.ts';
import { toRunOutput } from '../views/to-run-output.ts';
import { daemonOf } from './_daemon-of.ts';
import { renderHolds } from './_render-holds.ts';
import { holdsIn } from './_scope.ts';
import { siteLedger } from './_site-ledger.ts';
import { whoAmI } from './_who-am-i.ts';

const POLL_MS = 100;

export const drain = defineCommand({
  path: 'drain',
  summary: 'Pause everything and wait until nothing runs',
  description:
    'As `pause`, and then waits for the runs that are under way, with their exit gates. It stays paused until resume, also when the time is over or the command is ended. Without a running dispatcher nobody settles what ends: it says so at once if something runs.',
  examples: [
    { argv: 'drain --timeout 600 --reason upgrade', does: 'before an upgrade' },
    { argv: 'resume', does: 'afterwards' },
  ],
  options: {
    reason: { type: 'string', placeholder: 'TEXT', describe: 'why, for whoever looks later' },
    timeout: {
      type: 'number',
      min: 0,
      placeholder: 'SECS',
      describe: 'wait at most SECS (default: as long as it takes)',
    },
  },
  output: 'Drained',
  exits: ['75 something still runs: the time is over, or no dispatcher is there to settle it'],
  async run(context, { reason = 'drain', timeout }): Promise<DrainedOutput> {
    const since = context.now().toISOString();
    const ledgers = [];
    for (const site of context.sites) {
      const ledger = await siteLedger(context, site);
      ledger.hold({
        scope: '*',
        reason,
        who: whoAmI(context.setup.environment),
        since,
        until: null,
      });
      ledgers.push(ledger);
    }
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : uptimeMs() + timeout * 1000;
    let live: Run[] = [];
    for (;;) {
      live = ledgers.flatMap((each) => each.liveRuns());
      if (live.length === 0 || uptimeMs() >= deadline || daemonOf(context) === null) break;
      await delay(POLL_MS);
    }
    const { holds } = holdsIn(ledgers, context.now().toISOString());
    return { drained: live.length === 0, holds, runs: live.map((run) => toRunOutput(run)) };
  },
  async render({ drained, holds, runs }, style) {
    const paused = await renderHolds({ changed: true, holds, running: runs.length }, style);
    const rest = drained ? 'drained' : `not drained:\n${await renderRuns(runs, style)}`;
    return `${paused}\n${rest}`;
  },
  exit: ({ drained }) => (drained ? null : 'lock_timeout'),
});
