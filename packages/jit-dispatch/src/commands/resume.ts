import type { HoldsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { renderHolds } from './_render-holds.ts';
import { holdsIn, scopeOf, scopeOptions } from './_scope.ts';

export const resume = defineCommand({
  path: 'resume',
  summary: 'End a pause',
  description:
    'Ends what was paused with the same words: without an option the pause of everything, not those of single agents and repositories. --all ends them all.',
  examples: [
    { argv: 'resume', does: 'ends the pause of everything' },
    { argv: 'resume --agent claude-2', does: 'that of one agent' },
  ],
  options: { ...scopeOptions, all: { type: 'boolean', describe: 'every pause' } },
  output: 'Holds',
  async run(context, { all, ...asked }): Promise<HoldsOutput> {
    const { scope, sites } = await scopeOf(context, asked, true);
    const now = context.now().toISOString();
    const ledgers = [];
    let changed = false;
    for (const site of sites) {
      const ledger = await context.readLedger(site);
      if (ledger === null) continue;
      ledgers.push(ledger);
      const scopes = all ? ledger.holds(now).map((each) => each.scope) : [scope];
      // One that is over by itself was no pause any more, and goes without a word.
      const lasting = new Set(ledger.holds(now).map((each) => each.scope));
      for (const each of scopes) {
        const wasThere = ledger.endHold(each);
        changed ||= wasThere && lasting.has(each);
      }
    }
    return { changed, scope: all ? 'all' : scope, ...holdsIn(ledgers, now) };
  },
  render: renderHolds,
});
