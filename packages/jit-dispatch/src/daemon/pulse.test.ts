import { expect, test } from 'vitest';
import type { CycleResult } from './cycle.ts';
import type { Dispatcher } from './dispatcher.ts';
import { jointPulse, withPulse } from './pulse.ts';

test('several repositories have one pulse: ready is summed, and one that fails makes it ill', async () => {
  let time = 0;
  const repository = () => ({ uptimeMs: () => time }) as unknown as Dispatcher;
  const [api, web] = [repository(), repository()];
  const all = [api, web];
  const site = (dispatcher: Dispatcher, ready: number, failure: unknown = null) => ({
    dispatcher,
    ready,
    failure,
  });
  const cycle = (...sites: unknown[]) =>
    withPulse(all, async () => {
      time += 10;
      return { decisions: [], wakeAt: null, sites } as unknown as CycleResult;
    });
  expect(jointPulse(all)).toMatchObject({ isWell: null, ready: null, cycles: 0, beganAtMs: null });
  await cycle(site(api, 2), site(web, 3));
  expect(jointPulse(all)).toMatchObject({ isWell: true, ready: 5, cycles: 1, failed: 0 });
  await cycle(site(api, 2), site(web, 3, new Error('away')));
  expect(jointPulse(all)).toMatchObject({ isWell: false, cycles: 2, failed: 1, totalMs: 20 });
  await cycle(site(api, 0), site(web, 0));
  expect(jointPulse(all)).toMatchObject({ isWell: true, ready: 0, cycles: 3, beganAtMs: 20 });
});
