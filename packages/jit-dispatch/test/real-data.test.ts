import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { IssueItemOutput } from '@jit/contract/outputs/issue';
import type { ImportOutput, ValidateOutput } from '@jit/contract/outputs/repository';
import { describe, expect, it } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const DATA =
  process.env.JIT_SHARED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const absent = !existsSync(DATA);
if (absent) console.log(`skipped: there is no real data at ${DATA} (set JIT_SHARED_DATA)`);

const AGENTS = [1, 2, 3]
  .map((n) => `[[agents]]\nid = "worker-${n}"\ncapacity = 2\ncommand = "./work"\n`)
  .join('\n');

/** Lets the daemon work until no issue is ready or under an agent any more. */
async function workOff(repository: Repository): Promise<void> {
  repository.script(
    'work',
    '#!/bin/sh\njit issue update "$JIT_ISSUE_ID" --state done || test $? = 4\n',
  );
  repository.configure(AGENTS);
  const daemon = repository.start();
  await until('nothing is left to do', async () => {
    const unfinished = (await repository.issues()).filter(
      (issue) => issue.state === 'ready' || issue.claim !== null,
    );
    return unfinished.length === 0;
  });
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
}

const inState = async (repository: Repository, state: string) =>
  (await repository.jit<IssueItemOutput[]>(['query', 'state', state]))
    .map((issue) => issue.id.slice(0, 8))
    .sort();

const startedOnce = async (repository: Repository): Promise<string[]> => {
  const claims = await repository.jit<{ issue: string }[]>([
    'events',
    'query',
    '--type',
    'claimed',
  ]);
  const issues = claims.map((event) => event.issue);
  expect(new Set(issues).size).toBe(issues.length);
  return issues;
};

/** What each waiting issue waits for, as `query blocked` tells it. */
const causes = async (repository: Repository) =>
  new Map(
    (await repository.jit<IssueItemOutput[]>(['query', 'blocked'])).map((issue) => [
      issue.id,
      issue.blockers.map((blocker) =>
        blocker.type === 'dependency' ? `${blocker.issue} (${blocker.state})` : blocker.type,
      ),
    ]),
  );

describe.skipIf(absent)('real trackers, imported and worked off by real agents', () => {
  it('of beads: 8 of 10 open issues get done, two wait for work in progress elsewhere', {
    timeout: 300_000,
  }, async () => {
    const repository = await createRepository();
    const report = await repository.jit<ImportOutput>([
      'import',
      'beads',
      `${DATA}/beads-issues.jsonl`,
    ]);
    expect(report.issues).toMatchObject({ read: 513, created: 512, skipped: 1 });
    expect(report.states).toEqual({ done: 461, rejected: 33, in_progress: 8, open: 10 });
    expect(report.dependencies).toEqual({ read: 464, imported: 289, linked: 175 });
    expect(report.comments).toEqual({ read: 180, imported: 180 });
    const again = await repository.jit<ImportOutput>([
      'import',
      'beads',
      `${DATA}/beads-issues.jsonl`,
    ]);
    expect(again).toMatchObject({ changed: false, issues: { created: 0, unchanged: 512 } });

    const validation = await repository.jit<ValidateOutput>(['validate']);
    expect(validation.errors).toBe(0);
    expect(validation.findings.map((finding) => finding.code)).toEqual(
      Array(8).fill('IN_PROGRESS_WITHOUT_CLAIM'),
    );

    await workOff(repository);
    expect(await startedOnce(repository)).toHaveLength(8);
    expect(await causes(repository)).toEqual(
      new Map([
        ['beads_rust-lr74.3', ['beads_rust-lr74.2 (in_progress)']],
        ['beads_rust-lr74.4', ['beads_rust-lr74.3 (open)']],
      ]),
    );
  });

  it('of just-in-time: 4 issues get done, 2 are gated, and the rest waits for them', {
    timeout: 300_000,
  }, async () => {
    const repository = await createRepository();
    const report = await repository.jit<ImportOutput>([
      'import',
      'just-in-time',
      `${DATA}/just-in-time`,
    ]);
    expect(report.issues).toMatchObject({ read: 373, created: 373 });
    expect(report.states).toEqual({ done: 348, rejected: 13, in_progress: 1, open: 11 });
    expect(report.dependencies).toMatchObject({ read: 470, imported: 470 });
    expect(report.gates).toMatchObject({ read: 13, created: 13 });
    expect(report.events.read).toBe(4286);

    const validation = await repository.jit<ValidateOutput>(['validate']);
    expect(validation.findings.map((finding) => finding.code)).toEqual([
      'IN_PROGRESS_WITHOUT_CLAIM',
    ]);

    await workOff(repository);
    expect(await startedOnce(repository)).toHaveLength(6);
    expect(await inState(repository, 'gated')).toEqual(['2821e177', '94f873c8']);
    expect(await inState(repository, 'done')).toHaveLength(348 + 4);
    const waiting = [...(await causes(repository))].map(
      ([id, why]) => [id.slice(0, 8), why.map((text) => text.slice(0, 8))] as const,
    );
    expect(new Map(waiting)).toEqual(
      new Map([
        ['8f5de6bc', ['eed6750c']],
        ['f59d1b6b', ['8f5de6bc']],
        ['f2532a2d', ['f59d1b6b']],
        ['9db27a3a', ['2821e177', '94f873c8', 'f2532a2d']],
        ['13c69884', ['9db27a3a']],
      ]),
    );
  });
});
