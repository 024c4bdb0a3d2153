import { expect, test } from 'vitest';
import { createSimulation } from './simulation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
  ['back, then forward', -HOUR, HOUR],
  ['forward, then back', HOUR, -HOUR],
])(
  'a wall clock that is set an hour %s kills nothing, starts nothing twice and leaves nothing stuck',
  async (_, first, second) => {
    const sim = await createSimulation(
      `[[agents]]\nid = "a"\ncapacity = 3\ncommand = "a"\ncompletion = "exit"\n`,
      {
        // Each works for 25 minutes and says so every 4; the one called `fails` fails twice before that.
        a:
          (_nth, { issue, attempt }) =>
          (agent) => {
            if (sim.timeLine.nameOf(issue) === 'fails' && attempt < 3)
              return agent.at(5 * 60 - 3, () => agent.exit(1));
            for (let minute = 0; minute < 25; minute += 4)
              agent.at(minute * 60, () => agent.print('.'));
            agent.at(25 * 60, () => agent.exit(0));
          },
      },
    );
    const names = ['one', 'two', 'fails', 'later', 'last'];
    for (const name of names) await sim.create(name);
    sim.start();
    // While agents work, leases are fresh and one issue rests after its first failure.
    await sim.clock.advance(5 * MINUTE);
    expect(sim.dispatcher.ledger.liveRuns().map(({ title }) => title)).toEqual([
      'one',
      'two',
      'later',
    ]);
    sim.clock.setWall(first);
    sim.timeLine.note('clock', {}, `set by ${first / HOUR} h`);
    await sim.clock.advance(30 * MINUTE);
    sim.clock.setWall(second);
    sim.timeLine.note('clock', {}, `set by ${second / HOUR} h`);
    await sim.clock.advance(90 * MINUTE);
    await sim.stop();

    const runs = sim.dispatcher.ledger.runs({});
    const of = (name: string) => runs.filter(({ title }) => title === name).reverse();
    for (const name of ['one', 'two', 'later', 'last'])
      expect(of(name).map(({ state, attempt }) => [state, attempt])).toEqual([['completed', 1]]);
    expect(of('fails').map(({ state, attempt }) => [state, attempt])).toEqual([
      ['failed', 1],
      ['failed', 2],
      ['completed', 3],
    ]);
    for (const { run } of runs) expect(sim.host.starts(run)).toBe(1);
    expect(sim.timeLine.happened('silence')).toEqual([]);
  },
);
