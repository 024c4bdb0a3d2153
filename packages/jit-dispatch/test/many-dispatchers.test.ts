import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMarked } from '../src/keeper/identity.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const ISSUES = 300;
const CAPACITY: Readonly<Record<string, number>> = {
  ada: 1,
  ben: 2,
  cleo: 3,
  dan: 4,
  eve: 1,
  fay: 2,
  gus: 3,
  hal: 4,
};
/** Each agent belongs to two dispatchers. */
const DISPATCHERS: Readonly<Record<string, readonly string[]>> = {
  north: ['ada', 'ben', 'cleo', 'dan'],
  east: ['cleo', 'dan', 'eve', 'fay'],
  south: ['eve', 'fay', 'gus', 'hal'],
  west: ['gus', 'hal', 'ada', 'ben'],
};

/**
 * What an agent does: takes one of as many slots as it has capacity, each a folder that only one can
 * make, and writes down when it begins and ends; a line is one write behind everything else.
 */
const WORK = `#!/bin/sh
echo "start $JIT_AGENT_ID $JIT_ISSUE_ID" >> journal
slot=
for n in $(seq "$CAPACITY"); do
  if mkdir "slots/$JIT_AGENT_ID-$n" 2> /dev/null; then slot="slots/$JIT_AGENT_ID-$n"; break; fi
done
[ -n "$slot" ] || echo "crowded $JIT_AGENT_ID $JIT_ISSUE_ID" >> journal
sleep 0.3
[ -z "$slot" ] || rmdir "$slot"
echo "end $JIT_AGENT_ID $JIT_ISSUE_ID" >> journal
`;

type Entry = readonly [what: string, agent: string, issue: string];

function journalOf({ root }: Repository): Entry[] {
  const file = join(root, 'journal');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(' ') as unknown as Entry);
}

/** The most that each agent ever worked on at a time. */
function peaks(journal: readonly Entry[]): Record<string, number> {
  const running: Record<string, number> = {};
  const peak: Record<string, number> = {};
  for (const [what, agent] of journal) {
    if (what === 'crowded') continue;
    const now = (running[agent] ?? 0) + (what === 'start' ? 1 : -1);
    running[agent] = now;
    peak[agent] = Math.max(peak[agent] ?? 0, now);
  }
  return peak;
}

function configOf(name: string, agents: readonly string[]): string {
  const tables = agents.map(
    (id) =>
      `[[agents]]\nid = "${id}"\ncapacity = ${CAPACITY[id]}\ncompletion = "exit"\ncommand = "./work"\nenv = { CAPACITY = "${CAPACITY[id]}" }\n`,
  );
  return `name = "${name}"\n${tables.join('')}`;
}

test('4 dispatchers share 8 agents and 300 issues: each issue is started once, no agent is ever over its capacity', {
  timeout: 400_000,
}, async () => {
  const repository = await createRepository();
  const { root } = repository;
  mkdirSync(join(root, 'slots'));
  repository.script('work', WORK);
  const titles = Array.from({ length: ISSUES }, (_, n) => ({ title: `Issue ${n}` }));
  writeFileSync(join(root, 'plan.json'), JSON.stringify(titles));
  await repository.jit(['issue', 'create', '--from-json', 'plan.json']);
  const names = Object.keys(DISPATCHERS);
  const daemons = names.map((name) => {
    writeFileSync(join(root, `${name}.toml`), configOf(name, DISPATCHERS[name] ?? []));
    return repository.start('--config', `${name}.toml`);
  });

  const count = (what: string): number =>
    journalOf(repository).filter((entry) => entry[0] === what).length;
  await until('all agents ended', () => count('end') >= ISSUES, 300_000);
  await until('all issues are done', async () =>
    (await repository.issues()).every(({ state }) => state === 'done'),
  );
  const ends = await Promise.all(daemons.map((daemon) => daemon.stop()));
  for (const end of ends) expect(end).toMatchObject({ exit: 0 });

  const journal = journalOf(repository);
  const started = journal.flatMap(([what, , issue]) => (what === 'start' ? [issue] : []));
  expect(started).toHaveLength(ISSUES);
  expect(new Set(started).size).toBe(ISSUES);
  const peak = peaks(journal);
  for (const [agent, capacity] of Object.entries(CAPACITY))
    expect(peak[agent], agent).toBeLessThanOrEqual(capacity);
  expect(count('crowded')).toBe(0);
  // Otherwise nothing was shown: agents did work side by side, up to what they may.
  expect(Object.entries(CAPACITY).filter(([agent, most]) => peak[agent] === most)).not.toEqual([]);
  expect(Math.max(...Object.values(peak))).toBeGreaterThan(1);

  const runs = (
    await Promise.all(names.map((name) => repository.runs('--all', '--config', `${name}.toml`)))
  ).flat();
  const completed = runs.filter(({ state }) => state === 'completed');
  const lost = runs.filter(({ state }) => state === 'lost');
  expect(completed).toHaveLength(ISSUES);
  expect(completed.length + lost.length).toBe(runs.length);
  expect((await repository.issues()).filter(({ claim }) => claim !== null)).toEqual([]);
  expect(findMarked('JIT_TEST_ROOT', root)).toEqual([]);
  const most = Object.keys(CAPACITY).map((agent) => `${agent} ${peak[agent]}/${CAPACITY[agent]}`);
  console.log(
    `${names.length} dispatchers, ${ISSUES} issues: ${started.length} starts of ${new Set(started).size} issues, ` +
      `${lost.length} claims lost to another dispatcher; at most at a time: ${most.join(', ')}`,
  );
});
