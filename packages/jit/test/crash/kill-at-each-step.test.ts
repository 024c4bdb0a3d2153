import { cpSync } from 'node:fs';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';
import { mismatches, trackerFacts } from './tracker-facts.ts';

/** A tracker with two issues, b waiting for a, and a gate on a; made anew for each kill from one copy. */
async function prepare(): Promise<{ folder: string; a: string; b: string }> {
  const folder = tempFolder();
  await runBundle('jit', ['init'], { cwd: folder });
  await runBundle('jit', ['gate', 'define', 'review', '--stage', 'done'], { cwd: folder });
  const { id: a } = await jitJson<{ id: string }>(['issue', 'create', 'first'], { cwd: folder });
  const { id: b } = await jitJson<{ id: string }>(['issue', 'create', 'second', '--dep', a], {
    cwd: folder,
  });
  return { folder, a, b };
}

interface Case {
  readonly name: string;
  readonly argv: (ids: { a: string; b: string }) => string[];
  readonly stdin?: (ids: { a: string; b: string }) => string;
}

const CASES: readonly Case[] = [
  { name: 'issue create', argv: ({ a }) => ['issue', 'create', 'third', '--dep', a] },
  { name: 'issue claim', argv: ({ a }) => ['issue', 'claim', a, 'agent', '--ttl', '600'] },
  { name: 'issue update --state done', argv: ({ a }) => ['issue', 'update', a, '--state', 'done'] },
  { name: 'issue delete --detach', argv: ({ a }) => ['issue', 'delete', a, '--detach'] },
  { name: 'gate add', argv: ({ b }) => ['gate', 'add', b, 'review'] },
  { name: 'dep rm', argv: ({ a, b }) => ['dep', 'rm', b, a] },
  {
    name: 'batch --atomic',
    argv: () => ['batch', '--atomic'],
    stdin: ({ a, b }) =>
      [
        ['issue', 'create', 'in a batch'],
        ['issue', 'update', a, '--state', 'done'],
        ['issue', 'claim', b, 'agent', '--ttl', '600'],
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
  },
];

describe.each(CASES)('kill -9 at every step of $name', ({ argv, stdin }) => {
  it('leaves all of it or nothing, and the next command works', { timeout: 600_000 }, async () => {
    const { folder, ...ids } = await prepare();
    const added: number[] = [];
    for (let step = 1, killed = true; killed; step += 1) {
      const cwd = tempFolder();
      cpSync(folder, cwd, { recursive: true });
      const before = trackerFacts(cwd).events.length;
      const options = {
        cwd,
        env: { JIT_TEST_KILL_AT: String(step) },
        ...(stdin && { stdin: stdin(ids) }),
      };
      const ended = await runBundle('jit (test build)', [...argv(ids), '--json'], options);
      killed = ended.signal === 'SIGKILL';
      if (!killed) expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
      const next = await runBundle('jit', ['issue', 'create', 'after the crash', '--json'], {
        cwd,
      });
      expect(next.exit, `step ${step}: ${next.stdout}${next.stderr}`).toBe(0);
      const facts = trackerFacts(cwd);
      expect(mismatches(facts), `killed at step ${step}`).toEqual([]);
      const nextId = JSON.parse(next.stdout).id;
      added.push(facts.events.filter((event) => event.issue !== nextId).length - before);
      if (ended.stdout !== '')
        expect(added.at(-1), `acknowledged at step ${step}`).toBeGreaterThan(0);
      const report = await jitJson<{ findings: unknown[] }>(['validate'], { cwd });
      expect(report.findings, `killed at step ${step}`).toEqual([]);
    }
    const whole = added.at(-1) ?? 0;
    const kills = added.slice(0, -1);
    console.log(
      `${kills.length} kills: ${kills.filter((n) => n === 0).length} times nothing, ${kills.filter((n) => n === whole).length} times all`,
    );
    expect(whole).toBeGreaterThan(0);
    expect(kills.filter((n) => n !== 0 && n !== whole)).toEqual([]);
    expect(kills.filter((n) => n === whole).length).toBeGreaterThanOrEqual(5);
  });
});
