import { basename } from 'node:path';
import { HELD_LABEL } from '@jit/contract/vocabulary';
import { describe, expect, test } from 'vitest';
import { findMarked } from '../../src/keeper/identity.ts';
import type { AssignmentRecord } from '../../src/run-records.ts';
import { createRepository, type Repository } from '../repository.ts';
import { end, readRun, runFolders } from '../run-folders.ts';
import { until } from '../until.ts';
import { agentTable } from './agent-table.ts';
import type { KindWorld } from './kind-world.ts';

const QUICK = 'poll_interval_secs = 1\nstop_grace_secs = 5\n';
const RETRY = '[retry]\nfirst_secs = 0\nmax_secs = 0\n';

/** A dispatcher with one agent of a world. */
export interface OpenRuns {
  readonly repository: Repository;
  readonly world: KindWorld;
  readonly issue: string;
  once(): Promise<void>;
  /** The run that lives; its work has arrived. */
  working(count?: number): Promise<string>;
}

export async function openRuns(
  open: () => Promise<KindWorld>,
  { agent = 'a', more = '', rest = '' } = {},
): Promise<OpenRuns> {
  const world = await open();
  const repository = await createRepository();
  repository.configure(`${QUICK}${RETRY}${agentTable(agent, world.outside, more)}${rest}`);
  const links = Object.entries(world.facts?.links ?? {}).flatMap(([name, value]) => [
    '--link',
    `${name}=${value}`,
  ]);
  const issue = await repository.create('Build the anvil', ...links);
  const assignment = (folder: string) => {
    const record: unknown = (readRun as (folder: string, file: string) => unknown)(
      folder,
      'assignment',
    );
    return record as AssignmentRecord | null;
  };
  return {
    repository,
    world,
    issue,
    async once() {
      const done = await repository.dispatchWith(world.env, 'once');
      expect(done, done.stderr).toMatchObject({ exit: 0 });
    },
    async working(count = 1) {
      const folder = await until('the work has arrived', () => {
        const folders = runFolders(repository.root).sort();
        return folders.length >= count && assignment(folders.at(-1) ?? '')?.is === 'standing'
          ? folders.at(-1)
          : undefined;
      });
      return basename(folder);
    },
  };
}

/** What is killed with SIGKILL while the work is under way. */
type Victim = 'the envoy' | 'the keeper' | 'the envoy and its keeper' | 'the dispatcher';

/** What every kind comes to under a real dispatcher, with keepers and crashes. */
export function describeRuns(
  name: string,
  open: () => Promise<KindWorld>,
  victims: readonly Victim[],
): void {
  const settled = ({ repository, once }: OpenRuns, count = 1) =>
    until('all runs are settled', async () => {
      await once();
      const runs = await repository.runs('--all');
      return runs.length >= count && runs.every(({ ended_at }) => ended_at !== null) ? runs : null;
    });

  describe(`${name}, dispatched`, () => {
    test('its work is brought, and the issue is done when it is', async () => {
      const runs = await openRuns(open);
      await runs.once();
      await runs.working();
      await runs.world.finish();
      const [ended] = await settled(runs);
      expect(ended).toMatchObject({ state: 'completed', failed: null });
      expect(await runs.repository.issue(runs.issue)).toMatchObject({ state: 'done' });
      expect(await runs.world.brought()).toBe(1);
    });

    test('what a person there takes back is canceled, and held until it is admitted', async () => {
      const runs = await openRuns(open);
      if (runs.world.takeBack === null) return;
      await runs.once();
      await runs.working();
      await runs.world.takeBack();
      const [ended] = await settled(runs);
      expect(ended).toMatchObject({ state: 'canceled', reason: 'taken_back', failed: null });
      await runs.once();
      expect(await runs.repository.runs(), 'it is not given out again').toEqual([]);
      const issue = await runs.repository.issue(runs.issue);
      expect(issue).toMatchObject({ labels: [HELD_LABEL], claim: null });
      const explained = await runs.repository.dispatch('explain', runs.issue);
      expect(explained.stdout).toContain('held');
      expect(explained.stdout).toContain(ended?.detail ?? 'a detail');
    });

    test('cancel takes the work back there', async () => {
      const runs = await openRuns(open);
      await runs.once();
      await runs.working();
      const done = await runs.repository.dispatchWith(runs.world.env, 'cancel', runs.issue);
      expect(done, done.stderr).toMatchObject({ exit: 0 });
      const [ended] = await runs.repository.runs('--all');
      expect(ended).toMatchObject({ state: 'canceled', reason: 'canceled' });
      if (runs.world.isWithdrawn !== null) expect(await runs.world.isWithdrawn()).toBe(true);
    });

    for (const victim of victims.filter((each) => each !== 'the dispatcher'))
      test(`${victim} is killed: the next run goes on with the same work`, async () => {
        const runs = await openRuns(open);
        const { repository, world } = runs;
        await runs.once();
        const run = await runs.working();
        const [folder = ''] = runFolders(repository.root);
        const keeper = readRun(folder, 'keeper');
        const agent = readRun(folder, 'agent');
        if (keeper === null || 'abandoned' in keeper || agent === null)
          throw new Error('no keeper');
        if (victim !== 'the envoy') end(keeper.pid);
        if (victim !== 'the keeper') end(agent.pid);
        await until('it is started again', async () => {
          await runs.once();
          return (await repository.runs('--all')).length === 2;
        });
        const next = await runs.working(2);
        expect(next).not.toBe(run);
        expect(await world.brought()).toBe(1);
        const log = await repository.dispatch('logs', next);
        expect(log.stdout).toContain(`run ${run} brought this work before`);
        expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
        await world.finish();
        await settled(runs, 2);
        expect(await repository.issue(runs.issue)).toMatchObject({ state: 'done' });
        expect(await world.brought()).toBe(1);
      });

    if (victims.includes('the dispatcher'))
      test('the dispatcher is killed: the next one goes on with the same run', async () => {
        const runs = await openRuns(open);
        const { repository, world } = runs;
        const crashed = await repository.crash({
          ...world.env,
          JIT_DISPATCH_TEST_KILL_AT: 'started',
        });
        expect(crashed.signal).toBe('SIGKILL');
        const run = await runs.working();
        await world.finish();
        expect(await settled(runs)).toMatchObject([{ run, state: 'completed' }]);
        expect(await world.brought()).toBe(1);
      });
  });
}
