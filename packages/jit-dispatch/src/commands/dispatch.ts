import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../context.ts';
import { keyOf } from '../views/key-of.ts';
import { lockTimeout, repositoryOption } from './_options.ts';
import { renderCycle } from './_render-cycle.ts';

export const dispatch = defineCommand({
  path: 'dispatch',
  summary: 'Have issues worked on by your word',
  description:
    'Takes the label dispatch:escalated off, so that counting starts anew, and ends a rest. A running `start` of this name does the rest; else one cycle is run that starts these issues only. All of the issues are admitted, or none; of several repositories, where an issue may be typed as `repository/id`, each by itself. What is wished for is written into the issue, where every dispatcher reads it; a wish that is not repeated stays, and an empty one ends it.',
  examples: [
    { argv: 'dispatch 7kq2', does: 'gives an escalated issue to agents again' },
    { argv: 'dispatch 7kq2 p3wd', does: 'the same for two' },
    { argv: 'dispatch 7kq2 --to claude-2', does: 'this agent gets it, nobody else' },
    { argv: 'dispatch 7kq2 --exclude claude-2 --token-budget 8000', does: 'with wishes' },
  ],
  positionals: [
    { name: 'issue', required: true, variadic: true, describe: 'id, or a unique beginning' },
  ],
  options: {
    to: {
      type: 'string',
      placeholder: 'AGENT',
      allowEmpty: true,
      describe: 'this agent and no other, in every attempt',
    },
    prefer: {
      type: 'string',
      placeholder: 'AGENT',
      allowEmpty: true,
      describe: 'this agent before others',
    },
    exclude: {
      type: 'list',
      split: ',',
      placeholder: 'AGENTS',
      allowEmpty: true,
      describe: 'not these agents',
    },
    class: {
      type: 'string',
      choices: ['human', 'ai', 'hybrid', 'none'],
      describe: 'who the work is for',
    },
    'task-type': {
      type: 'string',
      placeholder: 'TYPE',
      allowEmpty: true,
      describe: 'what kind of work it is',
    },
    'token-budget': {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'tokens of its prompt; 0: no wish',
    },
    'max-attempts': {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'attempts until a person has to look; 0: no wish',
    },
    priority: {
      type: 'string',
      choices: PRIORITIES,
      describe: 'how urgent the issue is from now on',
    },
    at: { type: 'string', placeholder: 'TIME', describe: 'not before this time (RFC 3339)' },
    ...repositoryOption,
    ...lockTimeout,
  },
  output: 'Dispatched',
  exits: [
    '3 INVALID_REQUEST: no such issue; nothing was changed',
    '4 INVALID_REQUEST: the issue is finished or blocked; or an issue waits after all, see decisions',
    '6 ALREADY_DISPATCHED: somebody works on it',
    '10 the tracker could not be asked',
  ],
  run({ dispatcher }, { issue: issues, lockTimeout: lockTimeoutSecs, ...wishes }) {
    const exclude = wishes.exclude.filter((each) => each !== '');
    const request = {
      ...wishes,
      class: wishes.class === 'none' ? '' : wishes.class,
      exclude: wishes.exclude.length === 0 ? undefined : exclude,
    } as const;
    return dispatcher.admit(
      issues.map((issue) => ({ ...request, issue })),
      { lockTimeoutSecs },
    );
  },
  exit: ({ outcomes }) => (outcomes.some(({ state }) => state === 'waits') ? 'blocked' : null),
  render({ outcomes, left_to, cycle }, style) {
    const rests = outcomes.flatMap((each) =>
      each.state === 'deferred' ? `${keyOf(each)}: rests until ${each.at}` : [],
    );
    const begun = outcomes.flatMap((each) =>
      each.run === null || cycle?.started.some(({ run }) => run === each.run)
        ? []
        : `${keyOf(each)}: begun by ${each.agent} meanwhile (run ${each.run})`,
    );
    const left = outcomes.flatMap((each) => (each.state === 'left' ? keyOf(each) : []));
    return [
      ...(cycle === null ? [] : [renderCycle(cycle, style)]),
      ...(left.length === 0
        ? []
        : [`${left.join(', ')}: left to the running dispatcher (pid ${left_to?.pid})`]),
      ...begun,
      ...rests,
    ].join('\n');
  },
});
