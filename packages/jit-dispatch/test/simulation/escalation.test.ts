import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../until.ts';
import { BEGIN } from './simulated-clock.ts';
import { createSimulation } from './simulation.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The one setting that is no default: nine hours of looking every 30 s would take minutes. */
const POLL_SECS = 300;
/** What is due is seen by the next look, which comes a tenth later at the latest. */
const POLL = POLL_SECS * 1.1 * SECOND;

const agent = (id: string) => `[[agents]]\nid = "${id}"\ncommand = "${id}"\ncompletion = "exit"\n`;

test('an issue that nobody can do is escalated once, told again after 4 and 8 hours, and never again', async () => {
  let isMended = false;
  const fails = (nth: number, issue: string) => nth > 0 && !(isMended && issue === 'mended');
  const script = (nth: number, { issue }: { issue: string }) => {
    const name = sim.timeLine.nameOf(issue);
    return (a: { at(secs: number, action: () => void): void; exit(code: number): void }) =>
      a.at(20, () => a.exit(fails(nth, name) ? 1 : 0));
  };
  const sim = await createSimulation(
    `poll_interval_secs = ${POLL_SECS}\n[escalation]\nhook = ["sh", "-c", "cat >> told"]\n${agent('a')}${agent('b')}`,
    {
      a: script,
      b: script,
    },
  );
  const told = (name: string) => {
    const file = join(sim.jit.root, 'told');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    return lines
      .map(
        (line) => JSON.parse(line) as { issue: string; at: string; count: number; reason: string },
      )
      .filter(({ issue }) => sim.timeLine.nameOf(issue) === name)
      .map(({ at, count, reason }) => ({ atMs: Date.parse(at) - BEGIN, count, reason }));
  };
  await sim.create('hopeless');
  const mended = await sim.create('mended');
  sim.start();
  await sim.clock.advance(HOUR);
  const [escalated, ...more] = sim.timeLine.happened('escalated', 'hopeless');
  expect(more).toEqual([]);
  const firstMs = escalated?.atMs ?? Number.NaN;

  // A person has mended one of them and takes its label off.
  await sim.clock.advance(4 * HOUR);
  isMended = true;
  await sim.jit.ask('issue', 'update', mended, '--remove-label', 'dispatch:escalated');
  await sim.clock.advance(4.5 * HOUR);
  await until('people were told three times', () => told('hopeless').length === 3);

  const times = told('hopeless');
  expect(times.map(({ count, reason }) => [count, reason])).toEqual([
    [1, 'agents_excluded'],
    [2, 'agents_excluded'],
    [3, 'agents_excluded'],
  ]);
  expect(times[0]?.atMs).toBe(firstMs);
  for (const [index, hours] of [0, 4, 8].entries()) {
    const since = (times[index]?.atMs ?? 0) - firstMs;
    expect(since).toBeGreaterThanOrEqual(hours * HOUR);
    expect(since).toBeLessThanOrEqual(hours * HOUR + index * POLL);
  }
  // Six failures before, nothing after.
  const starts = sim.timeLine.happened('agent', 'hopeless');
  expect(starts.map(({ agent: by }) => by).sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
  expect(starts.filter(({ atMs }) => atMs > firstMs)).toEqual([]);
  // Told at first and after 4 hours; then the label was off, an agent had it at once and finished it.
  expect(told('mended')).toHaveLength(2);
  const [again] = sim.timeLine.happened('agent', 'mended').filter(({ atMs }) => atMs > 5 * HOUR);
  expect(again?.atMs).toBeLessThan(5 * HOUR + MINUTE);
  expect((await sim.jit.ask('issue', 'show', mended)).result.state).toBe('done');
  await sim.stop();
});
