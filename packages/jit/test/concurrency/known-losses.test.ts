import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

/*
 * The experiments in which other trackers lost claims and edits, in the same numbers; TESTING.md sets
 * the results beside each other.
 */

/** On a loaded machine forty processes may need longer than the default of ten seconds. */
const PATIENT = ['--lock-timeout', '60'];

async function tracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  return cwd;
}

async function exitsOf(cwd: string, calls: readonly (readonly string[])[]): Promise<unknown[]> {
  const ended = await Promise.all(
    calls.map((argv) => runBundle('jit', [...argv, ...PATIENT], { cwd })),
  );
  return ended.map(({ exit }) => exit);
}

async function createMany(cwd: string, count: number): Promise<string[]> {
  const lines = Array.from({ length: count }, (_, at) =>
    JSON.stringify(['issue', 'create', `issue ${at}`]),
  );
  const { stdout } = await runBundle('jit', ['batch'], { cwd, stdin: `${lines.join('\n')}\n` });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).result.id);
}

describe('what others lose', () => {
  it.each([
    [2, 50],
    [8, 150],
  ])(
    'claims: %i processes with one name, %i rounds',
    { timeout: 600_000 },
    async (racers, rounds) => {
      const cwd = await tracker();
      let double = 0;
      let refused = 0;
      for (const id of await createMany(cwd, rounds)) {
        const exits = await exitsOf(
          cwd,
          Array.from({ length: racers }, () => ['issue', 'claim', id, 'agent']),
        );
        double += exits.filter((exit) => exit === 0).length - 1;
        refused += exits.filter((exit) => exit === 6).length;
      }
      console.log(
        `${racers} processes, ${rounds} rounds: ${double} double claims, ${refused} refused with exit 6`,
      );
      expect({ double, refused }).toEqual({ double: 0, refused: rounds * (racers - 1) });
    },
  );

  it('a queue: 8 workers drain 100 issues with claim-next', { timeout: 300_000 }, async () => {
    const cwd = await tracker();
    const ids = await createMany(cwd, 100);
    const work = async (worker: string): Promise<string[]> => {
      const ended = await runBundle('jit', ['issue', 'claim-next', worker, '--json', ...PATIENT], {
        cwd,
      });
      if (ended.exit === 3) return [];
      expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
      return [JSON.parse(ended.stdout).id, ...(await work(worker))];
    };
    const claimed = await Promise.all(Array.from({ length: 8 }, (_, at) => work(`worker-${at}`)));
    console.log(
      `8 workers: ${claimed.flat().length} claims for 100 issues, ${new Set(claimed.flat()).size} different`,
    );
    expect(claimed.flat().sort()).toEqual(ids.sort());
  });

  it('a cycle: 150 pairs of opposite dep add', { timeout: 600_000 }, async () => {
    const cwd = await tracker();
    const ids = await createMany(cwd, 300);
    let cycles = 0;
    for (let pair = 0; pair < 150; pair += 1) {
      const [a = '', b = ''] = ids.slice(pair * 2);
      const exits = await exitsOf(cwd, [
        ['dep', 'add', a, b],
        ['dep', 'add', b, a],
      ]);
      if (exits.every((exit) => exit === 0)) cycles += 1;
      expect(exits.sort()).toEqual([0, 4]);
    }
    const report = await jitJson<{ findings: unknown[] }>(['validate'], { cwd });
    console.log(`150 opposite pairs: ${cycles} cycles stored, findings: ${report.findings.length}`);
    expect(report.findings).toEqual([]);
  });

  it('updates: 8 parallel gate add on one issue, 60 rounds', { timeout: 600_000 }, async () => {
    const cwd = await tracker();
    const keys = Array.from({ length: 8 }, (_, at) => `gate-${at}`);
    for (const key of keys) await runBundle('jit', ['gate', 'define', key], { cwd });
    let acknowledged = 0;
    let kept = 0;
    for (const id of await createMany(cwd, 60)) {
      const exits = await exitsOf(
        cwd,
        keys.map((key) => ['gate', 'add', id, key]),
      );
      acknowledged += exits.filter((exit) => exit === 0).length;
      const issue = await jitJson<{ gates: unknown[] }>(['gate', 'status', id], { cwd });
      kept += issue.gates.length;
    }
    console.log(`8 gate add, 60 rounds: ${acknowledged} acknowledged, ${acknowledged - kept} lost`);
    expect({ acknowledged, kept }).toEqual({ acknowledged: 480, kept: 480 });
  });

  it('edges: 40 parallel dep add on one issue', { timeout: 300_000 }, async () => {
    const cwd = await tracker();
    const [first = '', ...rest] = await createMany(cwd, 41);
    const exits = await exitsOf(
      cwd,
      rest.map((id) => ['dep', 'add', first, id]),
    );
    const issue = await jitJson<{ dependencies: string[] }>(['issue', 'show', first], { cwd });
    console.log(`40 dep add on one issue: ${issue.dependencies.length} of 40 edges are there`);
    expect(exits).toEqual(rest.map(() => 0));
    expect(issue.dependencies).toHaveLength(40);
  });
});
