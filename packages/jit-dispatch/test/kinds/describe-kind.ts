import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import type { AssignmentRecord } from '../../src/run-records.ts';
import type { Task } from '../../src/runners/task.ts';
import { until } from '../until.ts';
import { type KindWorld, LIMIT_SECS, TROUBLES, type Trouble } from './kind-world.ts';
import { type Envoy, startEnvoy } from './start-envoy.ts';

/** What a kind does not have, said out loud: all else is tested. */
export interface KindLacks {
  readonly troubles?: readonly Trouble[];
  readonly fail?: true;
  readonly takeBack?: true;
  readonly withdraw?: true;
}

let runs = 0;

/** A task for a world; a later run of the same agent is told what an earlier one left. */
function taskFor(world: KindWorld, earlier: AssignmentRecord | null = null): Task {
  runs += 1;
  const folder = tempFolder();
  const run = `run${process.pid}x${runs}`;
  return {
    outside: world.outside,
    dispatcher: 'test',
    run,
    attempt: 1,
    agent: 'a',
    issue: '7kq2aaaaaa',
    title: 'Build the anvil',
    description: 'It has to be <!-- heavy -->.',
    acceptance_criteria: ['it holds', 'it rings'],
    labels: ['rust'],
    priority: 'normal',
    task_type: 'routine_coding',
    links: {},
    metadata: {},
    prompt: 'Do it.',
    finishes_issue: false,
    tracker: { argv: ['false'], suffix: [], cwd: folder, env: {} },
    folder: join(folder, run),
    cwd: folder,
    pass_env: [],
    stop_grace_secs: 10,
    earlier,
    ...world.facts,
  };
}

/** Every kind of agent that works elsewhere passes this over its real other side. */
export function describeKind(
  name: string,
  open: () => Promise<KindWorld>,
  lacks: KindLacks = {},
): void {
  const start = (world: KindWorld, earlier: AssignmentRecord | null = null): Envoy =>
    startEnvoy(taskFor(world, earlier), world.env);
  const standing = (envoy: Envoy) =>
    until('the work stands', () => {
      if (envoy.process.exitCode !== null) throw new Error(`it ended: ${envoy.log()}`);
      return envoy.assignment()?.is === 'standing';
    });
  const has = (trouble: Trouble) => !lacks.troubles?.includes(trouble);
  const cause = async (world: KindWorld, trouble: Trouble) => {
    const make = world.troubles[trouble];
    if (make === undefined) throw new Error(`the world of ${name} can't ${trouble}`);
    await make();
  };
  const endOf = async (envoy: Envoy) => {
    const { exit, signal } = await envoy.ended;
    return { exit, signal, ...envoy.verdict() };
  };

  describe(name, () => {
    test('has the troubles that its suite names', async () => {
      const world = await open();
      const known = TROUBLES.filter((each) => world.troubles[each] !== undefined);
      expect(known).toEqual(TROUBLES.filter(has));
      expect([world.fail === null, world.takeBack === null, world.isWithdrawn === null]).toEqual([
        lacks.fail === true,
        lacks.takeBack === true,
        lacks.withdraw === true,
      ]);
    });

    test('work that is brought once is done when the other side says so', async () => {
      const world = await open();
      const envoy = start(world);
      await standing(envoy);
      expect(envoy.process.exitCode).toBeNull();
      expect(await world.brought()).toBe(1);
      await world.finish();
      expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 0, is: 'done', failed: null });
      expect(envoy.assignment()).toMatchObject({ is: 'over' });
      expect(await world.brought()).toBe(1);
    });

    if (lacks.fail !== true)
      test('work that fails there is the agent’s failure, in the words of the other side', async () => {
        const world = await open();
        const envoy = start(world);
        await standing(envoy);
        await world.fail?.();
        expect(await endOf(envoy), envoy.log()).toMatchObject({
          exit: 1,
          is: 'failed',
          failed: 'agent',
        });
      });

    if (lacks.takeBack !== true)
      test('work that a person takes back there is taken back, and nobody’s failure', async () => {
        const world = await open();
        const envoy = start(world);
        await standing(envoy);
        await world.takeBack?.();
        expect(await endOf(envoy), envoy.log()).toMatchObject({
          exit: 130,
          is: 'taken_back',
          failed: null,
        });
      });

    test('work that is over before it is first looked at is found to be', async () => {
      const world = await open();
      const envoy = start(world);
      await standing(envoy);
      envoy.process.kill('SIGSTOP');
      await world.finish();
      envoy.process.kill('SIGCONT');
      expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 0, is: 'done' });
    });

    if (has('refuse'))
      test('work that is refused is failed at once', async () => {
        const world = await open();
        await cause(world, 'refuse');
        const envoy = start(world);
        expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 1, is: 'failed' });
      });

    if (has('forbid'))
      test('a token without rights is a failure of the environment, and is not named', async () => {
        const world = await open();
        await cause(world, 'forbid');
        const envoy = start(world);
        expect(await endOf(envoy), envoy.log()).toMatchObject({
          exit: 1,
          is: 'failed',
          failed: 'environment',
        });
        for (const [key, value] of Object.entries(world.env))
          if (/TOKEN/.test(key)) expect(envoy.log() + envoy.verdict()?.detail).not.toContain(value);
      });

    if (has('limit'))
      test('who asks for patience gets it: not now, with the time that was named', async () => {
        const world = await open();
        await cause(world, 'limit');
        const envoy = start(world);
        expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 75, is: 'not_now' });
        const at = Date.parse(/resets at (\S+Z)/.exec(envoy.log())?.[1] ?? '');
        expect(at - Date.now()).toBeGreaterThan((LIMIT_SECS - 60) * 1000);
        expect(at - Date.now()).toBeLessThan((LIMIT_SECS + 60) * 1000);
        expect(world.asked(), 'nobody asks again').toBeLessThan(5);
      });

    for (const trouble of ['fail_twice', 'lose_answer', 'half_answer', 'slow'] as const)
      if (has(trouble))
        test(`${WORDS[trouble]}: the work is brought, and once`, async () => {
          const world = await open();
          await cause(world, trouble);
          const envoy = start(world);
          await standing(envoy);
          await world.finish();
          expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 0, is: 'done' });
          expect(await world.brought()).toBe(1);
        });

    test('one that is told to stop tells the other side', async () => {
      const world = await open();
      const envoy = start(world);
      await standing(envoy);
      envoy.process.kill('SIGTERM');
      const { exit } = await envoy.ended;
      expect(exit, envoy.log()).toBe(143);
      expect(envoy.verdict()).toBeNull();
      expect(envoy.assignment()).toMatchObject({ is: 'over' });
      if (world.isWithdrawn !== null) expect(await world.isWithdrawn()).toBe(true);
    });

    test('one that is killed leaves the work, and the next run goes on with it', async () => {
      const world = await open();
      const killed = start(world);
      await standing(killed);
      killed.process.kill('SIGKILL');
      await killed.ended;
      const earlier = killed.assignment();
      const envoy = start(world, earlier);
      await until('it goes on', () => envoy.log().includes('gone on with'));
      await standing(envoy);
      expect(await world.brought()).toBe(1);
      expect(envoy.assignment()?.key).toBe(earlier?.key);
      await world.finish();
      expect(await endOf(envoy), envoy.log()).toMatchObject({ exit: 0, is: 'done' });
      expect(await world.brought()).toBe(1);
    });
  });
}

const WORDS = {
  fail_twice: 'a server that fails twice',
  lose_answer: 'an answer that is lost',
  half_answer: 'half an answer',
  slow: 'a slow answer',
} as const;
