import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { keyOf } from '../views/key-of.ts';
import { lockTimeout, repositoryOption } from './_options.ts';
import { renderCycle } from './_render-cycle.ts';

export const dispatch = defineCommand({
  path: 'dispatch',
  summary: 'Have issues worked on by your word',
  description:
    'Takes the label dispatch:escalated off, so that counting starts anew, and ends a rest. A running `start` of this name does the rest; else one cycle is run that starts these issues only. All of the issues are admitted, or none; of several repositories, where an issue may be typed as `repository/id`, each by itself.',
  examples: [
    { argv: 'dispatch 7kq2', does: 'gives an escalated issue to agents again' },
    { argv: 'dispatch 7kq2 p3wd', does: 'the same for two' },
  ],
  positionals: [
    { name: 'issue', required: true, variadic: true, describe: 'id, or a unique beginning' },
  ],
  options: { ...repositoryOption, ...lockTimeout },
  output: 'Dispatched',
  exits: [
    '3 INVALID_REQUEST: no such issue; nothing was changed',
    '4 INVALID_REQUEST: the issue is finished or blocked; or an issue waits after all, see decisions',
    '6 ALREADY_DISPATCHED: somebody works on it',
    '10 the tracker could not be asked',
  ],
  run: ({ dispatcher }, { issue, repository, lockTimeout: lockTimeoutSecs }) =>
    dispatcher.admit(issue, { repository, lockTimeoutSecs }),
  exit: ({ issues, cycle }) => (cycle !== null && !allBegun(issues, cycle) ? 'blocked' : null),
  render({ issues, left_to, cycle }, style) {
    if (cycle !== null) return renderCycle(cycle, style);
    return `${issues.join(', ')}: left to the running dispatcher (pid ${left_to?.pid})`;
  },
});

function allBegun(issues: readonly string[], { started }: CycleOutput): boolean {
  const begun = new Set(started.map(keyOf));
  return issues.every((key) => begun.has(key));
}
