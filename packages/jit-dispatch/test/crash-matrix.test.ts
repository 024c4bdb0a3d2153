import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { findMarked, isAlive } from '../src/keeper/identity.ts';
import { RECORD_TYPES, type RecordType } from '../src/ledger/record-types.ts';
import type { Run as RunRow } from '../src/ledger/run.ts';
import { START_DEADLINE_MS } from '../src/planning/judge-run.ts';
import { phaseOf } from '../src/runners/phases.ts';
import { SCENARIOS, type Scenario } from './crash-scenarios.ts';
import { createRepository, type Repository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

/** Notes its start and end. Whatever it leaves behind keeps the lock: two at a time would be seen. */
const AGENT = (work: string) => `#!/bin/sh
cd "$JIT_DIR/.."
exec 9>>"locks/$JIT_ISSUE_ID"
flock -n 9 || echo "overlap $JIT_RUN_ID" >> noted
echo "start $JIT_RUN_ID" >> noted
if mkdir "first/$JIT_ISSUE_ID" 2> /dev/null; then ( ${work} ); fi
code=$?
echo "end $JIT_RUN_ID $code" >> noted
exit $code
`;

const KILLED = ['the dispatcher', 'its keeper'] as const;
const total = { kills: 0, runs: 0, starts: 0 };

describe('kill -9 after a ledger record: nothing started twice, nothing lost, nothing left, true ends', () => {
  test.each(RECORD_TYPES)('%s', async (type) => {
    const scenario: Scenario | undefined = SCENARIOS[type];
    expect(scenario, `crash-scenarios.ts says how ${type} comes about`).toBeDefined();
    await Promise.all(KILLED.map((killed) => play(type, scenario, killed)));
  });

  test('in figures', () => {
    console.log(
      `${RECORD_TYPES.length} kinds of record, ${total.kills} kills: ${total.starts} starts in ${total.runs} runs, 0 twice, 0 lost, 0 left`,
    );
    expect(total.kills).toBe(RECORD_TYPES.length * KILLED.length);
  });
});

async function play(
  type: RecordType,
  scenario: Scenario,
  killed: (typeof KILLED)[number],
): Promise<void> {
  const repository = await createRepository();
  for (const folder of ['locks', 'first']) mkdirSync(join(repository.root, folder));
  repository.script('work', AGENT(scenario.work));
  repository.configure(
    `stop_grace_secs = 1\n${scenario.head ?? ''}\n[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "./work"\n${scenario.agent ?? ''}\n`,
  );
  await scenario.before?.(repository);
  for (const title of ['One', 'Two']) await repository.create(title, ...(scenario.issue ?? []));
  const kill = {
    [killed === 'its keeper' ? 'JIT_DISPATCH_TEST_KILL_KEEPER_AT' : 'JIT_DISPATCH_TEST_KILL_AT']:
      `record:${type}`,
  };
  await until(`a cycle records ${type}`, async () => {
    await scenario.between?.(repository);
    const { signal } = await repository.crash(kill);
    return killed === 'its keeper'
      ? ask(repository, 'SELECT 1 FROM records WHERE type = ?', type).length > 0
      : signal === 'SIGKILL';
  });
  total.kills += 1;
  await scenario.after?.(repository);
  // What was to be done when it was killed, such as to stop agents, only a cycle goes on with.
  await repository.once();
  await until('everything is settled', async () => {
    if (!hasNews(repository)) return false;
    await repository.once();
    return liveRuns(repository).length === 0 && (await restless(repository)).length === 0;
  });
  await checkRules(repository);
}

/** What the ledger says, without a process for it. */
function ask({ root }: Repository, sql: string, ...values: string[]): unknown[] {
  const db = new Database(join(root, '.jit-dispatch/test/ledger.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

const liveRuns = (repository: Repository) =>
  ask(repository, 'SELECT * FROM runs WHERE ended_at IS NULL') as RunRow[];

/** False while a cycle would only wait: every live run has a keeper that lives, or is about to. */
function hasNews(repository: Repository): boolean {
  const isQuiet = liveRuns(repository).some((row) => {
    const { state, dispatched_at } = row;
    const folder = join(repository.root, '.jit-dispatch/test/runs', phaseOf(row));
    const keeper = readRun(folder, 'keeper');
    const isYoung = Date.now() - Date.parse(dispatched_at ?? '') < START_DEADLINE_MS;
    if (state === 'created' || readRun(folder, 'exit') !== null) return false;
    return keeper === null ? isYoung : !('abandoned' in keeper) && isAlive(keeper);
  });
  return !isQuiet;
}

/** Issues that are neither done, nor free and resting after a failure, nor free and left to a person. */
async function restless(repository: Repository): Promise<string[]> {
  const issues = await repository.issues();
  return issues.flatMap(({ id, state, claim, blockers, labels }) => {
    const isLeft = labels.includes('dispatch:escalated');
    const isResting =
      claim === null && (isLeft || blockers.some((each) => each.type === 'deferred'));
    return state === 'done' || isResting ? [] : [id];
  });
}

async function checkRules(repository: Repository): Promise<void> {
  const { root } = repository;
  const noted = join(root, 'noted');
  const lines = existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : [];
  const words = (kind: string) =>
    lines.map((line) => line.split(' ')).filter(([word]) => word === kind);
  const started = words('start').map(([, run]) => run);
  const codes = new Map(words('end').map(([, run, code]) => [run, Number(code)]));
  const runs = await repository.runs('--all');
  total.runs += runs.length;
  total.starts += started.length;

  expect(words('overlap')).toEqual([]);
  expect(new Set(started).size, 'each run is started once').toBe(started.length);
  const attempts = started.map((name) => {
    const run = runs.find((each) => each.run === name);
    expect(run, `run ${name} is in the ledger`).toBeDefined();
    return `${run?.issue} ${run?.attempt}`;
  });
  expect(new Set(attempts).size, 'each attempt is started once').toBe(attempts.length);

  for (const { run, exit_code, signal, reason, state } of runs) {
    const facts = `${run} ${state} ${reason}: ${exit_code} ${signal}`;
    const isUnknown = reason === 'keeper_died' || reason === 'never_started';
    if (isUnknown) expect([exit_code, signal], facts).toEqual([null, null]);
    else if (codes.has(run)) expect(exit_code, facts).toBe(codes.get(run));
    else expect(exit_code, facts).toBeNull();
  }

  for (const issue of await repository.issues()) expect(issue.claim).toBeNull();
  await until('no process is left', () =>
    runFolders(root).every((folder) => {
      const keeper = readRun(folder, 'keeper');
      const isKept = keeper !== null && !('abandoned' in keeper) && isAlive(keeper);
      return !isKept && findMarked('JIT_RUN_ID', basename(folder)).length === 0;
    }),
  );
}
