import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { ESCALATED_LABEL, HELD_LABEL } from '@jit/contract/vocabulary';
import { type DispatchContext, defineCommand } from '../context.ts';
import { blockersOf } from './_admit-issues.ts';
import { repositoryOption } from './_asked-sites.ts';
import { dispatchError } from './_dispatch-error.ts';
import { giveOrder, orderOptions } from './_give-order.ts';
import { type AimedIssue, aimOf, unchanged, unfitFor } from './_order-aim.ts';
import { orderExit, renderOrder } from './_order-view.ts';

export const reassign = defineCommand({
  path: 'reassign',
  summary: 'Give an issue to another agent',
  description:
    'Stops the run of the issue, which is no failure of its agent, and reserves the issue for the other one, who gets it in the next cycle. An issue that is ready is reserved at once. The labels dispatch:escalated and dispatch:held are taken off, and a rest ends.',
  examples: [
    { argv: 'reassign 7kq2 claude-2', does: 'stops who works on it and gives it to claude-2' },
  ],
  positionals: [
    {
      name: 'issue',
      required: true,
      describe: 'id of the issue or of its run; a beginning will do',
    },
    { name: 'agent', required: true, describe: 'id of a configured agent' },
  ],
  options: { ...orderOptions, ...repositoryOption },
  output: 'Order',
  exits: [
    '3 INVALID_REQUEST: no such issue or run',
    '4 INVALID_REQUEST: no such agent, or the issue is finished, blocked or waits for its gates',
    '6 ALREADY_DISPATCHED: somebody else works on it',
    '10 the tracker could not be asked',
    '75 another command of this name did not end in time',
  ],
  async run(context, { issue: ref, agent, reason = '', wait, lockTimeout, repository }) {
    await mustBeConfigured(context, agent);
    const aim = await aimOf(context, ref, repository);
    const { site, issue, run } = aim;
    refuse(aim);
    const facts = { kind: 'reassign', agent, outcome: 'already_there' } as const;
    if (run?.agent === agent)
      return unchanged(aim, { ...facts, detail: `${agent} works on it, as before` });
    if (run === null && isReservedFor(aim, agent))
      return unchanged(aim, { ...facts, detail: `it is reserved for ${agent}, as before` });
    return giveOrder(
      context,
      { site, kind: 'reassign', issue: issue.id, run: run?.run ?? null, agent, reason },
      { waitSecs: wait, lockTimeoutMs: lockTimeout * 1000 },
    );
  },
  render: renderOrder,
  exit: orderExit,
});

async function mustBeConfigured({ config }: DispatchContext, agent: string): Promise<void> {
  const ids = config.agents.map(({ id }) => id);
  if (ids.includes(agent)) return;
  throw dispatchError('invalid', 'INVALID_REQUEST', `no agent is called "${agent}"`, {
    hint: didYouMean(await suggest(agent, ids), `there are ${ids.join(', ')}`),
    details: { agent, agents: ids },
  });
}

function refuse(aim: AimedIssue): void {
  const unfit = unfitFor(aim);
  if (unfit !== null) throw unfit;
  const { issue, run } = aim;
  const { id } = issue;
  if (run !== null && (run.state === 'idle' || run.gate_tries > 0))
    throw dispatchError(
      'blocked',
      'INVALID_REQUEST',
      `the agent of ${id} has ended and its exit gates are being run: nothing is left to hand over`,
      { hint: 'wait for the gates, or cancel it', details: { issue: id, run: run.run } },
    );
  const blockers = run === null ? blockersOf(issue) : [];
  if (blockers.length > 0)
    throw dispatchError('blocked', 'INVALID_REQUEST', `${id} is blocked: ${blockers.join(', ')}`, {
      hint: `jit issue show ${id} lists what blocks it`,
      details: { issue: id, blockers },
    });
}

function isReservedFor({ issue: { assignee, labels, state } }: AimedIssue, agent: string): boolean {
  const isKept = labels.includes(ESCALATED_LABEL) || labels.includes(HELD_LABEL);
  return assignee === agent && state === 'ready' && !isKept;
}
