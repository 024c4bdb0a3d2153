import { expect, test } from 'vitest';
import { createSimulation, fixedRandom } from './simulation.ts';

const agent = (id: string) => `[[agents]]\nid = "${id}"\ncommand = "${id}"\ncompletion = "exit"\n`;
const BASES = [10, 20, 40, 80, 160, 300, 300, 300, 300];

test('an issue rests 10 s after its first failure, twice as long each time, 300 s at most, and up to half of it more', async () => {
  const fails =
    () => (a: { at(secs: number, action: () => void): void; exit(code: number): void }) =>
      a.at(10, () => a.exit(1));
  const agents = ['a', 'b', 'c', 'd'];
  const sim = await createSimulation(
    agents.map(agent).join(''),
    Object.fromEntries(agents.map((id) => [id, fails])),
  );
  await sim.create('poison');
  sim.start();
  await sim.clock.advance(60 * 60_000);
  const failures = sim.timeLine.happened('failed', 'poison');
  const rests = failures.map(({ message }) => Number(/next try in ([\d.]+) s/.exec(message)?.[1]));
  const random = fixedRandom();
  const drawn = Array.from({ length: 1_000 }, random);
  for (const [index, base] of BASES.entries()) {
    const rest = rests[index] ?? Number.NaN;
    // The closed formula with one of the numbers that this random source gives.
    const possible = drawn.map((each) => Math.round(base * (1 + each / 2) * 10) / 10);
    expect(possible).toContain(rest);
    expect(rest).toBeGreaterThanOrEqual(base);
    expect(rest).toBeLessThanOrEqual(base * 1.5);
    // It is started again when it has rested: a quarter of a second later, and its keeper takes 40 ms.
    const next = sim.timeLine.happened('agent', 'poison')[index + 1]?.atMs ?? Number.NaN;
    expect(next - (failures[index]?.atMs ?? 0)).toBe(rest * 1000 + 290);
  }
  // Ten attempts in its life, then a person has to look.
  expect(failures).toHaveLength(10);
  expect(sim.timeLine.happened('escalated', 'poison')).toHaveLength(1);
  await sim.stop();
  console.log(`rests of a failing issue: ${rests.slice(0, 9).join(', ')} s`);
});
