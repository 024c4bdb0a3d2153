import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  judgeOrder,
  type OrderAim,
  type OrderAnswer,
  type OrderCall,
  type OrderIssue,
  type OrderRun,
} from './judge-order.ts';

/** A tracker with one issue, and a dispatcher that may work on it. */
interface World {
  issue: OrderIssue | null;
  live: OrderRun | null;
}

const FINISHED = ['done', 'rejected', 'archived'];
const READY: OrderIssue = {
  ...{ state: 'ready', isClaimed: false, isHeld: false, assignee: null, isGiven: false },
};

/** What the tracker does and answers. */
function answer(world: World, call: OrderCall, { agent }: OrderAim): OrderAnswer {
  const { issue } = world;
  if (issue === null) return { is: 'missing' };
  if (call === 'show') return { is: 'shown', issue };
  if (call === 'give') {
    if (issue.isClaimed) return { is: 'refused', code: 'ALREADY_CLAIMED', message: 'taken' };
    world.issue = { ...issue, isHeld: false, assignee: agent };
    return { is: 'done' };
  }
  const isOn = call === 'hold';
  const isPossible = issue.isHeld !== isOn && !(isOn && FINISHED.includes(issue.state));
  if (!isPossible) return { is: 'refused', code: 'CONDITION_NOT_MET', message: 'not so' };
  world.issue = { ...issue, isHeld: isOn };
  return { is: 'done' };
}

/** Cycles until the order ends; a run that is stopped is settled between two of them. */
function play(aim: OrderAim, world: World, settle: (world: World) => void = free) {
  const asked: string[] = [];
  for (let cycle = 0; cycle < 5; cycle += 1) {
    const answers: OrderAnswer[] = [];
    for (let steps = 0; ; steps += 1) {
      expect(steps, `it goes on for ever: ${asked}`).toBeLessThan(6);
      const step = judgeOrder(aim, world.live, answers);
      asked.push(step.do === 'ask' ? step.call : step.do);
      if (step.do === 'end') return { outcome: step.outcome, asked, ...world };
      if (step.do === 'stop') break;
      answers.push(answer(world, step.call, aim));
    }
    settle(world);
  }
  return expect.fail(`it never ends: ${asked}`);
}

function free(world: World): void {
  world.live = null;
  if (world.issue !== null && !FINISHED.includes(world.issue.state))
    world.issue = { ...world.issue, state: 'ready', isClaimed: false, assignee: null };
}

const CANCEL: OrderAim = { kind: 'cancel', run: 'r1', agent: null };
const HOLD: OrderAim = { ...CANCEL, run: null };
const GIVE: OrderAim = { kind: 'reassign', run: null, agent: 'b' };
const MOVE: OrderAim = { ...GIVE, run: 'r1' };
const RUN: OrderRun = { run: 'r1', agent: 'a', hasGates: false };
const AT_WORK: OrderIssue = { ...READY, state: 'in_progress', isClaimed: true, assignee: 'a' };
const DONE: OrderIssue = { ...READY, state: 'done' };
const GATED: OrderIssue = { ...READY, state: 'gated' };

test.each([
  ['an issue that nobody works on', HOLD, READY, null, 'held', ['hold', 'end']],
  [
    'one that is held',
    HOLD,
    { ...READY, isHeld: true },
    null,
    'already_held',
    ['hold', 'show', 'end'],
  ],
  ['a run', CANCEL, AT_WORK, RUN, 'canceled', ['hold', 'stop', 'hold', 'show', 'end']],
  ['a run with gates', CANCEL, AT_WORK, { ...RUN, hasGates: true }, 'canceled', null],
  ['one that is finished', HOLD, DONE, null, 'finished_first', ['hold', 'show', 'end']],
  ['one that is gone', HOLD, null, null, 'issue_missing', ['hold', 'end']],
  ['one to give', GIVE, READY, null, 'reassigned', ['show', 'give', 'end']],
  ['a run to give', MOVE, AT_WORK, RUN, 'reassigned', ['hold', 'stop', 'show', 'give', 'end']],
  ['one that somebody took', GIVE, AT_WORK, null, 'taken_by_other', ['show', 'end']],
  [
    'one that its new agent has',
    MOVE,
    AT_WORK,
    { ...RUN, run: 'r2', agent: 'b' },
    'already_there',
    ['end'],
  ],
  ['one that another has by now', MOVE, AT_WORK, { ...RUN, run: 'r2' }, 'taken_by_other', ['end']],
  ['one whose gates are run', MOVE, AT_WORK, { ...RUN, hasGates: true }, 'gated', ['end']],
  [
    'one that waits for gates',
    GIVE,
    { ...GATED, isHeld: true },
    null,
    'gated',
    ['show', 'unhold', 'end'],
  ],
  [
    'a held one that is finished',
    GIVE,
    { ...DONE, isHeld: true },
    null,
    'finished_first',
    ['show', 'unhold', 'end'],
  ],
  ['a gone one to give', GIVE, null, null, 'issue_missing', ['show', 'end']],
] as const)('%s', (_, aim, issue, live, outcome, asked) => {
  const played = play(aim, { issue, live });
  expect(played.outcome).toBe(outcome);
  if (asked !== null) expect(played.asked).toEqual(asked);
});

test('what a tracker refuses ends the order in its words', () => {
  const refused: OrderAnswer = { is: 'refused', code: 'NO', message: 'never' };
  const end = { do: 'end', outcome: 'refused', detail: 'never' };
  expect(judgeOrder(HOLD, null, [refused])).toEqual(end);
  const shown: OrderAnswer = { is: 'shown', issue: READY };
  expect(judgeOrder(GIVE, null, [shown, refused])).toEqual(end);
  expect(judgeOrder(GIVE, null, [shown, { ...refused, code: 'ALREADY_CLAIMED' }])).toMatchObject({
    outcome: 'taken_by_other',
  });
});

test('whatever the issue is and however its run ends, an order ends, and keeps its promise', () => {
  const issue = fc.record({
    state: fc.constantFrom('ready', 'open', 'in_progress', 'gated', 'done', 'rejected', 'archived'),
    isClaimed: fc.boolean(),
    isHeld: fc.boolean(),
    isGiven: fc.boolean(),
    assignee: fc.constantFrom(null, 'a', 'b'),
  });
  const live = fc.record({
    run: fc.constantFrom('r1', 'r2'),
    agent: fc.constantFrom('a', 'b'),
    hasGates: fc.boolean(),
  });
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.constantFrom(CANCEL, HOLD, GIVE, MOVE),
      fc.option(issue),
      fc.option(live),
      fc.constantFrom(...(['ready', 'done', 'gone'] as const)),
      (aim, seen, run, end) => {
        const settle = (world: World): void => {
          free(world);
          if (end === 'gone') world.issue = null;
          if (end === 'done' && world.issue !== null)
            world.issue = { ...world.issue, state: 'done' };
        };
        const {
          outcome,
          issue: after,
          live: still,
        } = play(aim, { issue: seen, live: run }, settle);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome === 'canceled' || outcome === 'held' || outcome === 'already_held') {
          expect(still).toBeNull();
          if (after !== null && !FINISHED.includes(after.state)) expect(after.isHeld).toBe(true);
        }
        if (outcome === 'reassigned') expect(after).toMatchObject({ assignee: 'b', isHeld: false });
        // No mark that nobody asked for stays behind on what is finished.
        if (outcome === 'finished_first') expect(after?.isHeld).toBe(false);
        if (aim.kind === 'reassign' && outcome === 'gated' && still === null)
          expect(after?.isHeld).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
  console.log(`orders: ${JSON.stringify(Object.fromEntries(outcomes))}`);
});
