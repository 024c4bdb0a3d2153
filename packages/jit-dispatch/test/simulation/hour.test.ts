import { test } from 'vitest';
import { createSimulation } from './simulation.ts';

const MINUTE = 60_000;
const agent = (id: string, rest = '') =>
  `[[agents]]\nid = "${id}"\ncommand = "${id}"\ncompletion = "exit"\n${rest}\n`;

test('an hour', async () => {
  const begun = performance.now();
  const sim = await createSimulation(agent('a'), {
    a: (nth) => (a) => {
      if (nth > 1) return a.at(60, () => a.exit(0));
      for (let minute = 0; minute <= 10; minute += 1) a.at(minute * 60, () => a.print('here\n'));
    },
  });
  await sim.create('silent');
  sim.start();
  await sim.clock.advance(60 * MINUTE);
  await sim.stop();
  console.log(sim.timeLine.text());
  console.log(performance.now() - begun);
});
