import type { Style } from '@jit/cli-kit/style';
import type { AgentMatchOutput } from '@jit/contract/outputs/estimate';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';
import { repositoryOption } from './_options.ts';

export const agents = defineCommand({
  path: 'agents',
  summary: 'List the agents, or how well each fits an issue',
  examples: [
    { argv: 'agents', does: 'what each is, can do, and does now' },
    { argv: 'agents --for 7kq2', does: 'in the order in which they would get it, with scores' },
  ],
  options: {
    for: { type: 'string', placeholder: 'ISSUE', describe: 'how each stands to this issue' },
    ...repositoryOption,
  },
  output: 'AgentMatch[]',
  exits: [
    '3 INVALID_REQUEST: no such issue',
    '4 INVALID_REQUEST: several repositories have it',
    '10 the tracker could not be asked',
  ],
  run: ({ dispatcher }, { for: issue, repository }): Promise<AgentMatchOutput[]> =>
    dispatcher.availableAgents(issue, { repository }),
  render: renderAgents,
});

async function renderAgents(list: readonly AgentMatchOutput[], style: Style): Promise<string> {
  const isFor = list.some(({ match }) => match !== null);
  const isTitled = list.some(({ title }) => title !== null);
  const rows = list.map((each) => [
    each.agent,
    ...(isTitled ? [oneLine(each.title ?? '')] : []),
    each.role ?? '',
    each.class,
    `${each.in_use}/${each.capacity}`,
    ...(each.match === null
      ? [
          each.health,
          [...each.capabilities, ...each.skills, ...each.tags].join(', '),
          each.strengths.join(', '),
        ]
      : [each.match.standing.replace('_', ' '), each.match.score.toFixed(2), each.match.detail]),
  ]);
  const last = isFor ? ['STANDING', 'SCORE', 'WHY'] : ['HEALTH', 'CAN', 'BEST AT'];
  const name = isTitled ? ['NAME'] : [];
  return style.table(rows, ['AGENT', ...name, 'ROLE', 'CLASS', 'IN USE', ...last]);
}
