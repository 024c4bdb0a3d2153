import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventOutput } from '@jit/contract/outputs/event';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { ESCALATION_STEPS } from '../src/daemon/steps.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const CONFIG = `[retry]
attempts_per_agent = 1
[escalation]
hook = "./tell"
[[agents]]
id = "a"
command = "false"
`;

const told = ({ root }: Repository): string[] => {
  const file = join(root, 'told');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { escalation, count } = JSON.parse(line);
    return `${escalation} ${count}`;
  });
};

/** An issue that every agent has failed. */
async function hopeless(repository: Repository): Promise<string> {
  repository.script('tell', '#!/bin/sh\ncat >> told\n');
  repository.configure(CONFIG);
  const id = await repository.create('hopeless');
  const { jit } = repository;
  const { claim } = await jit<{ claim: { token: string } }>(['issue', 'claim', id, 'a']);
  const release = ['issue', 'release', id, 'exit code 1', '--claim', claim.token];
  await jit([...release, '--failed', 'agent']);
  return id;
}

const events = ({ jit }: Repository, issue: string, type: string) =>
  jit<EventOutput[]>(['events', 'query', '--issue', issue, '--type', type]);

/** The records of an issue's escalation, as the ledger has them. */
function records({ root }: Repository): unknown[] {
  const db = new Database(join(root, '.jit-dispatch/test/ledger.db'), { readonly: true });
  const types = db.prepare('SELECT type FROM records ORDER BY seq').pluck().all();
  db.close();
  return types;
}

describe('a dispatcher killed at any step of an escalation asks a person all the same, once', () => {
  test.each(ESCALATION_STEPS)('%s', async (step) => {
    const repository = await createRepository();
    const id = await hopeless(repository);
    const crashed = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
    expect(crashed.signal).toBe('SIGKILL');
    for (let cycle = 0; cycle < 2; cycle += 1) await repository.once();
    await until('people are told', () => told(repository).length > 0);
    expect(await events(repository, id, 'comment_added')).toHaveLength(1);
    expect(await events(repository, id, 'issue_updated')).toHaveLength(1);
    expect((await repository.issue(id)).labels).toEqual(['dispatch:escalated']);
    // Killed between the start of the hook and the note of it, nobody can know: it is told again, under the same name.
    const times = step === 'hook_started' ? [1, 2] : [1];
    expect(times).toContain(told(repository).length);
    expect(new Set(told(repository)).size).toBe(1);
    expect(new Set(records(repository))).toEqual(new Set(['escalating', 'escalated', 'notified']));
  });
});

test('a person who was faster than the restart is not asked again', async () => {
  const repository = await createRepository();
  const id = await hopeless(repository);
  await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: 'escalation_told' });
  await repository.jit(['issue', 'update', id, '--remove-label', 'dispatch:escalated']);
  const { started } = await repository.once();
  expect(started.concat((await repository.runs('--all')).slice(0, 1))[0]).toMatchObject({
    issue: id,
    agent: 'a',
  });
  expect(told(repository)).toEqual([]);
  expect(await events(repository, id, 'comment_added')).toHaveLength(1);
});
