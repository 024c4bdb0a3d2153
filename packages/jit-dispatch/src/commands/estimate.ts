import type { EstimateOutput } from '@jit/contract/outputs/estimate';
import { WORK_CLASSES } from '@jit/contract/vocabulary';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';
import { agentTable, recordLines } from '../views/render-record.ts';
import { repositoryOption } from './_options.ts';

export const estimate = defineCommand({
  path: 'estimate',
  summary: 'Show who would get an issue, and why',
  description:
    'As if it were the turn of this issue now, whether it is ready or not; `explain` tells what the next cycle really does. Changes nothing. The flags are wishes that `dispatch` would store.',
  examples: [
    { argv: 'estimate 7kq2', does: 'the agent, how well it fits, and who else could' },
    { argv: 'estimate 7kq2 --class human', does: 'the same if it had to be a person' },
  ],
  positionals: [{ name: 'issue', required: true, describe: 'id, or a unique beginning' }],
  options: {
    prefer: { type: 'string', placeholder: 'AGENT', describe: 'before others, if it is suitable' },
    exclude: { type: 'list', split: ',', placeholder: 'AGENTS', describe: 'not these agents' },
    class: { type: 'string', choices: WORK_CLASSES, describe: 'who it is for' },
    'task-type': { type: 'string', placeholder: 'NAME', describe: 'what kind of work it is' },
    'token-budget': {
      type: 'number',
      integer: true,
      min: 1,
      placeholder: 'N',
      describe: 'tokens of the prompt',
    },
    ...repositoryOption,
  },
  output: 'Estimate',
  exits: [
    '3 INVALID_REQUEST: no such issue',
    '4 INVALID_REQUEST: several repositories have it',
    '10 the tracker could not be asked',
  ],
  run: ({ dispatcher }, { issue, ...wishes }): Promise<EstimateOutput> =>
    dispatcher.estimate(issue, wishes),
  render: async (estimated, style) => {
    const { issue, title, recommended, score, token_estimate, token_budget, detail } = estimated;
    const who =
      recommended === null
        ? `${style.yellow('no agent')}: ${detail}`
        : `${style.green(recommended)} (${score?.toFixed(2)}): ${detail}`;
    const tokens = `tokens       about ${token_estimate} of at most ${token_budget}`;
    const table = await agentTable(estimated.record.agents, style);
    const lines = [...recordLines(estimated.record), tokens];
    return [`${style.bold(issue)}  ${oneLine(title)}`, who, '', ...lines, '', table].join('\n');
  },
});
