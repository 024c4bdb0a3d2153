import type { Style } from '@jit/cli-kit/style';
import type { IssueEndOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { keyOf } from '../views/key-of.ts';
import { oneLine } from '../views/one-line.ts';
import { repositoryOption } from './_options.ts';

export const wait = defineCommand({
  path: 'wait',
  summary: 'Wait until an issue is finished',
  description:
    'Returns when the issue is done or rejected, whoever did it, or when it is escalated or held: then nothing is started before a person says so. It starts nothing itself.',
  examples: [
    { argv: 'wait 7kq2', does: 'until it is finished, for two hours at most' },
    { argv: 'wait 7kq2 --timeout 600', does: 'for ten minutes at most' },
  ],
  positionals: [{ name: 'issue', required: true, describe: 'id, or a unique beginning' }],
  options: {
    timeout: {
      type: 'number',
      min: 0,
      default: 7200,
      placeholder: 'SECS',
      describe: 'wait at most SECS',
    },
    ...repositoryOption,
  },
  output: 'IssueEnd',
  exits: [
    '3 INVALID_REQUEST: no such issue',
    '4 it is escalated or held: a person has to look',
    '10 the tracker could not be asked',
    '75 the time is over',
  ],
  run: ({ dispatcher }, { issue, timeout: timeoutSecs, repository }): Promise<IssueEndOutput> =>
    dispatcher.waitFor(issue, { timeoutSecs, repository }),
  render: renderEnd,
  exit({ outcome }) {
    if (outcome === 'timed_out') return 'lock_timeout';
    return outcome === 'escalated' || outcome === 'held' ? 'blocked' : null;
  },
});

function renderEnd(end: IssueEndOutput, style: Style): string {
  const { outcome, state, title, reason, run, agent } = end;
  const words = outcome === 'timed_out' ? `still ${state}, the time is over` : outcome;
  const by = run === null ? '' : ` (${agent}, run ${run})`;
  const why = reason === null ? '' : `: ${oneLine(reason)}`;
  return `${style.bold(keyOf(end))}: ${words}  ${oneLine(title)}${by}${why}`;
}
