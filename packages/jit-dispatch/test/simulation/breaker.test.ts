import { expect, test } from 'vitest';
import { createSimulation, type Simulation } from './simulation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** From the end of a rest to the start of an agent: the loop wakes a quarter of a second later, its keeper starts. */
const WAKE_MS = 290;
const DOUBLED = [30, 60, 120, 240, 480, 600, 600, 600, 600];

const agent = (id: string) => `[[agents]]\nid = "${id}"\ncommand = "${id}"\ncompletion = "exit"\n`;

/** From the end of each of an agent's runs to the start of its next one, in milliseconds. */
function pauses(sim: Simulation, id: string): number[] {
  const times = sim.timeLine.all().filter((each) => each.agent === id);
  const ends = times.filter(({ event }) => ['failed', 'completed'].includes(event));
  const starts = times.filter(({ event }) => event === 'agent');
  return ends.flatMap(({ atMs }, index) => {
    const next = starts[index + 1];
    return next === undefined ? [] : [next.atMs - atMs];
  });
}

test('five failures give an agent a rest that doubles up to 10 minutes, one try after each; others go on', async () => {
  const sim = await createSimulation(agent('bad') + agent('good'), {
    bad: () => (a) => a.at(5, () => a.exit(1)),
    good: () => (a) => a.at(5 * 60, () => a.exit(0)),
  });
  for (let n = 1; n <= 20; n += 1) await sim.create(`issue-${n}`);
  sim.start();
  await sim.clock.advance(60 * MINUTE);
  const all = pauses(sim, 'bad');
  for (const pause of all.slice(0, 4)) expect(pause).toBeLessThan(SECOND);
  const rests = all.slice(4);
  expect(rests).toEqual(DOUBLED.map((secs) => secs * SECOND + WAKE_MS));
  expect(sim.timeLine.happened('completed').filter(({ agent: by }) => by === 'good')).toHaveLength(
    11,
  );
  await sim.stop();
  console.log(
    `rests of a failing agent: ${rests.map((rest) => Math.floor(rest / 1000)).join(', ')} s`,
  );
});

test('a try that succeeds ends the rests, and 30 minutes of success forget them', async () => {
  // Fails five times and at the first try, is well for a while, then fails again; and so once more.
  const plan = [0, 0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0, 5];
  const sim = await createSimulation(agent('moody'), {
    moody: (nth) => (a) => {
      const minutes = plan[nth - 1] ?? 5;
      a.at(minutes === 0 ? 5 : minutes * 60, () => a.exit(minutes === 0 ? 1 : 0));
    },
  });
  for (let n = 1; n <= 30; n += 1) await sim.create(`issue-${n}`);
  sim.start();
  await sim.clock.advance(70 * MINUTE);
  const rests = pauses(sim, 'moody').filter((pause) => pause > 2 * SECOND);
  expect(rests).toEqual([30, 60, 120, 30].map((secs) => secs * SECOND + WAKE_MS));
  await sim.stop();
});
