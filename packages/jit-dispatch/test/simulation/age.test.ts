import { expect, test } from 'vitest';
import { createSimulation } from './simulation.ts';

const MINUTE = 60_000;
const ONE_AGENT =
  '[[agents]]\nid = "a"\ncommand = "a"\ncompletion = "exit"\nstall = { stop_secs = 0 }\n';

/** When `old` starts, in hours, while another issue of the priority `stream` comes every 30 minutes. */
async function hoursUntilStart(order: string, own: string, stream: string): Promise<number | null> {
  const sim = await createSimulation(`poll_interval_secs = 600\n[order]\n${order}\n${ONE_AGENT}`, {
    a: () => (agent) => agent.at(31 * 60, () => agent.exit(0)),
  });
  await sim.create('first', '-p', stream);
  await sim.create('old', '-p', own);
  sim.start();
  let started: number | null = null;
  for (let n = 0; n < 7 && started === null; n += 1) {
    await sim.create(`new-${n}`, '-p', stream);
    await sim.clock.advance(30 * MINUTE);
    const [start] = sim.timeLine.happened('agent').filter(({ issue }) => issue === 'old');
    if (start !== undefined) started = start.atMs / (60 * MINUTE);
  }
  await sim.stop();
  return started;
}

test('nothing waits for ever: age brings an issue before a stream of more urgent ones', async () => {
  const step = 'age_step_hours = 1';
  const low = await hoursUntilStart(step, 'low', 'high');
  const normal = await hoursUntilStart(step, 'normal', 'high');
  expect(low).toBeGreaterThan(2);
  expect(low).toBeLessThan(3.2);
  expect(normal).toBeGreaterThan(1);
  expect(normal).toBeLessThan(2.2);
  expect(await hoursUntilStart('age_step_hours = 0', 'low', 'high')).toBeNull();
  console.log(
    `against a stream of high ones: low started after ${low?.toFixed(1)} h, normal after ${normal?.toFixed(1)} h; steps of 1 h`,
  );
});
