import { jitJson, runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';
import { answers } from './answers.ts';

const ROUNDS = 150;
const RACERS = 16;

describe('claims of one issue by 16 processes with the same name', () => {
  it('have one winner in each of 150 rounds', { timeout: 900_000 }, async () => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd });
    const seen = { winners: 0, losers: 0, other: [] as unknown[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await jitJson<{ id: string }>(['issue', 'create', `round ${round}`], { cwd });
      const racers = Array.from({ length: RACERS }, () =>
        runBundle('jit', ['issue', 'claim', id, 'agent', '--json', '--lock-timeout', '60'], {
          cwd,
        }),
      );
      const exits = (await Promise.all(racers)).map((ended) => ended.exit);
      expect(
        exits.filter((exit) => exit === 0),
        `round ${round}: ${exits}`,
      ).toHaveLength(1);
      seen.winners += 1;
      seen.losers += exits.filter((exit) => exit === 6).length;
      seen.other.push(...exits.filter((exit) => exit !== 0 && exit !== 6));
    }
    console.log(
      `${ROUNDS} rounds, ${RACERS} processes: ${seen.winners} single winners, ${seen.losers} refused with exit 6`,
    );
    expect(seen).toEqual({ winners: ROUNDS, losers: ROUNDS * (RACERS - 1), other: [] });
  });

  it('have one winner each when 16 running processes are asked in the same instant', {
    timeout: 300_000,
  }, async () => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd });
    const racers = Array.from({ length: RACERS }, () => startBundle('jit', ['batch'], { cwd }));
    const readers = racers.map((racer) => answers(racer));
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await jitJson<{ id: string }>(['issue', 'create', `round ${round}`], { cwd });
      for (const racer of racers)
        racer.stdin?.write(`${JSON.stringify(['issue', 'claim', id, 'agent'])}\n`);
      const exits = (await Promise.all(readers.map((reader) => reader.next()))).map(
        (answer) => answer.exit,
      );
      expect(exits.filter((exit) => exit === 0)).toHaveLength(1);
      expect(exits.filter((exit) => exit === 6)).toHaveLength(RACERS - 1);
    }
    for (const racer of racers) racer.stdin?.end();
  });
});
