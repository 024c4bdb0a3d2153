import { expect, test } from 'vitest';
import type { SimulatedAgent } from './simulated-agent.ts';
import { createSimulation, type Simulation } from './simulation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A keeper looks once a second; before it says anything it asks the tracker, which takes one more look. */
const LOOK = SECOND;
const ASK = SECOND;

const agent = (id: string, rest = '') =>
  `[[agents]]\nid = "${id}"\ntags = ["${id}"]\ncommand = "${id}"\ncompletion = "exit"\n${rest}\n`;

/** Prints at these minutes. */
function printAt(minutes: readonly number[]) {
  return (a: SimulatedAgent) => {
    for (const minute of minutes) a.at(minute * 60, () => a.print(`minute ${minute}\n`));
  };
}

const every = (minutes: number, last: number): number[] =>
  Array.from({ length: Math.floor(last / minutes) + 1 }, (_, n) => n * minutes);

/** When an issue's agent first started, in milliseconds since the beginning. */
function startOf({ timeLine }: Simulation, issue: string): number {
  return timeLine.happened('agent', issue)[0]?.atMs ?? Number.NaN;
}

/** What was said about the silence of an issue's first agent, since its start. */
function silences(sim: Simulation, issue: string): (readonly [string, number])[] {
  const start = startOf(sim, issue);
  return sim.timeLine
    .happened('silence', issue)
    .filter(({ agent: by }) => by === issue)
    .map(({ message, atMs }) => [message, atMs - start] as const);
}

test('silence is warned about after 5 minutes, told after 10, ended after 15; life resets it', async () => {
  const sim = await createSimulation(
    ['ten', 'back', 'mute', 'busy'].map((id) => agent(id)).join('') +
      agent('slow', 'stall.startup_grace_secs = 1200'),
    {
      ten: (nth) => (nth === 1 ? printAt(every(1, 10)) : (a) => a.exit(0)),
      back: (nth) => (a) => {
        if (nth > 1) return a.exit(0);
        printAt([0, 1, 2, 9, 20])(a);
        a.at(25 * 60, () => a.exit(0));
      },
      mute: (nth) => (nth === 1 ? () => {} : (a) => a.exit(0)),
      slow: (nth) => (nth === 1 ? () => {} : (a) => a.exit(0)),
      busy: () => printAt(every(4, 60)),
    },
  );
  const names = ['ten', 'back', 'mute', 'slow', 'busy'];
  for (const name of names) await sim.create(name, '--label', name);
  sim.start();
  await sim.clock.advance(60 * MINUTE);

  expect(silences(sim, 'ten')).toEqual([
    ['warn', 15 * MINUTE + LOOK + ASK],
    ['notify', 20 * MINUTE + LOOK + ASK],
    ['stop', 25 * MINUTE + LOOK + ASK],
  ]);
  expect(silences(sim, 'back')).toEqual([
    ['warn', 7 * MINUTE + LOOK + ASK],
    ['life is back', 9 * MINUTE + LOOK],
    ['warn', 14 * MINUTE + LOOK + ASK],
    ['notify', 19 * MINUTE + LOOK + ASK],
    ['life is back', 20 * MINUTE + LOOK],
  ]);
  expect(silences(sim, 'mute')).toEqual([
    ['warn', 5 * MINUTE + ASK],
    ['notify', 10 * MINUTE + ASK],
    ['stop', 15 * MINUTE + ASK],
  ]);
  expect(silences(sim, 'slow')).toEqual([
    ['warn', 20 * MINUTE + ASK],
    ['notify', 25 * MINUTE + ASK],
    ['stop', 30 * MINUTE + ASK],
  ]);
  expect(silences(sim, 'busy')).toEqual([]);

  const ended = sim.dispatcher.ledger
    .runs({})
    .map(({ title, state, failed }) => [title, state, failed]);
  expect(ended).toEqual(
    expect.arrayContaining([
      ['ten', 'stalled', 'agent'],
      ['mute', 'stalled', 'agent'],
      ['slow', 'stalled', 'agent'],
      ['back', 'completed', null],
      ['busy', 'running', null],
    ]),
  );
  // Stopped, given back with the reason, rested for 10 s and a half of that at most, done by the second.
  const [stopped] = sim.timeLine.happened('stalled', 'ten');
  expect((stopped?.atMs ?? 0) - startOf(sim, 'ten')).toBe(25 * MINUTE + LOOK + ASK);
  const [, second] = sim.timeLine.happened('start', 'ten');
  const rested = (second?.atMs ?? 0) - (stopped?.atMs ?? 0);
  expect(rested).toBeGreaterThanOrEqual(10 * SECOND);
  expect(rested).toBeLessThanOrEqual(15.25 * SECOND);
  // For people, and so that nothing changes unseen.
  await expect(sim.timeLine.text()).toMatchFileSnapshot('hour.txt');
  await sim.stop();
  console.log(`an hour of silence: ${sim.timeLine.happened('silence').length} words about it`);
});

test('a machine that sleeps for 3 hours comes to no verdict about anybody', async () => {
  const sim = await createSimulation(agent('a') + agent('b'), {
    a: () => printAt(every(4, 60)),
    b: () => () => {},
  });
  await sim.create('a', '--label', 'a');
  await sim.create('b', '--label', 'b');
  sim.start();
  await sim.clock.advance(4 * MINUTE);
  sim.clock.sleep(180 * MINUTE);
  await sim.clock.advance(4 * MINUTE);
  expect(sim.timeLine.happened('silence')).toEqual([]);
  expect(sim.dispatcher.ledger.runs({}).map(({ state, attempt }) => [state, attempt])).toEqual([
    ['running', 1],
    ['running', 1],
  ]);
  // From when it woke, the silent one has the whole ladder again: that its keeper took the ended lease up
  // anew, which changes the issue, is no sign of life.
  await sim.clock.advance(MINUTE + 2 * LOOK + ASK);
  expect(sim.timeLine.happened('silence').map(({ issue, message }) => [issue, message])).toEqual([
    ['b', 'warn'],
  ]);
  await sim.stop();
});

test('the limit of 2 hours ends an agent after 2 hours and not before', async () => {
  const sim = await createSimulation(agent('a'), { a: () => printAt(every(4, 240)) });
  await sim.create('a');
  sim.start();
  await sim.clock.advance(125 * MINUTE);
  const [ended] = sim.timeLine.happened('timed_out');
  expect((ended?.atMs ?? 0) - startOf(sim, 'a')).toBe(120 * MINUTE);
  await sim.stop();
});
