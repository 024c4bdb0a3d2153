import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { gateTracker, gone, written } from './gate-tracker.ts';

const MIB = 1024 * 1024;

test('64 MiB of output: the beginning and the end are kept, the gap is named, memory stays bounded', async () => {
  const { gated, json } = await gateTracker();
  // The checker asks how much memory its parent, which is jit, has had at most.
  const id = await gated(
    'echo first; yes 0123456789abcde | head -c 67108864; echo; grep VmHWM /proc/$PPID/status',
  );
  const report = await json('gate', 'run', id);
  const bytes = report.runs[0].output_bytes;
  expect(bytes).toBeGreaterThan(64 * MIB);
  const { output, path } = await json('gate', 'log', id, 'check');
  expect(output).toMatch(/^first\n0123456789abcde\n/);
  expect(output).toMatch(/\n\[… \d+ bytes left out …\]\n/);
  const peak = Number(/VmHWM:\s+(\d+) kB\n$/.exec(output)?.[1]) / 1024;
  console.log(
    `${bytes} bytes printed, ${statSync(path).size} kept, ${peak.toFixed(0)} MiB of memory at most`,
  );
  expect(statSync(path).size).toBeLessThan(4 * MIB + 100);
  expect(peak).toBeLessThan(256);
});

test('a grandchild that holds the output is ended and not waited for', async () => {
  const { gated, json } = await gateTracker();
  const pids = join(tempFolder(), 'pid');
  const id = await gated(`sleep 600 & echo $! > ${pids}; echo done`);
  const report = await json('gate', 'run', id);
  expect(report.runs[0].verdict).toBe('passed');
  await gone(await written(pids));
  expect((await json('gate', 'log', id, 'check')).output).toBe('done\n');
});

test('a process that left the group and holds the output is not waited for', async () => {
  const { gated, json } = await gateTracker();
  const pids = join(tempFolder(), 'pid');
  const id = await gated(
    `setsid sh -c 'echo $$ > ${pids}; exec sleep 600' & until test -s ${pids}; do :; done; echo done`,
  );
  const report = await json('gate', 'run', id);
  expect(report.runs[0].verdict).toBe('passed');
  // It is not ours to end; the test does.
  process.kill(Number(await written(pids)), 'SIGKILL');
});

test('a checker that ignores SIGTERM is killed after the time limit', async () => {
  const { gated, fails } = await gateTracker();
  const pids = join(tempFolder(), 'pid');
  const command = `trap '' TERM; echo $$ > ${pids}; while :; do sleep 1; done`;
  const id = await gated(command, '--timeout', '1');
  expect(await fails(10, 'gate', 'run', id)).toMatchObject({ code: 'CHECKER_COULD_NOT_RUN' });
  await gone(await written(pids));
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s of jit ends the group, exits 130 and records nothing',
  async (signal) => {
    const { gated, cwd, gate, json } = await gateTracker();
    const pids = join(tempFolder(), 'pid');
    const id = await gated(`trap '' TERM INT; echo $$ > ${pids}; while :; do sleep 1; done`);
    const child = startBundle('jit', ['gate', 'run', id, '--json'], { cwd });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = collect(child);
    const pid = await written(pids);
    child.kill(signal);
    const { exit, stdout } = await ended;
    expect(exit).toBe(130);
    expect(JSON.parse(stdout).error.code).toBe('INTERRUPTED');
    await gone(pid);
    expect(gate(id)).toEqual({ status: 'pending' });
    expect(await json('events', 'query', '--type', 'gate_failed')).toEqual([]);
    expect(readdirSync(join(cwd, '.jit', 'local'))).not.toContain('gate-runs');
  },
);

test('a jit that is killed takes its checker along, leaves the gate as it is, and the next run works', async () => {
  const { gated, cwd, gate, json } = await gateTracker();
  const [pids, go] = [join(tempFolder(), 'pid'), join(tempFolder(), 'go')];
  const loop = `until test -e ${go}; do sleep 0.05; done`;
  const id = await gated(`trap '' TERM HUP; echo $$ > ${pids}; ${loop}`);
  const child = startBundle('jit', ['gate', 'run', id], { cwd });
  const ended = collect(child);
  const pid = await written(pids);
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  expect(gate(id)).toEqual({ status: 'pending' });
  // Nobody is left who could keep its time limit.
  await gone(pid);
  expect(gate(id)).toEqual({ status: 'pending' });
  writeFileSync(go, '');
  expect(await json('gate', 'run', id)).toMatchObject({ changed: true });
});

test('a closed terminal ends the checker with jit', async () => {
  const { gated, cwd, gate } = await gateTracker();
  const pids = join(tempFolder(), 'pid');
  const id = await gated(`trap '' HUP TERM; echo $$ > ${pids}; while :; do sleep 1; done`);
  const child = startBundle('jit', ['gate', 'run', id], { cwd });
  const ended = collect(child);
  const pid = await written(pids);
  child.kill('SIGHUP');
  expect((await ended).signal).toBe('SIGHUP');
  await gone(pid);
  expect(gate(id)).toEqual({ status: 'pending' });
});

test('no lock is held while a checker runs: it may change its own issue, and others may too', async () => {
  const { gated, json } = await gateTracker();
  const jit = join(import.meta.dirname, '../../bin/jit.js');
  const id = await gated(
    `node ${jit} issue comment "$JIT_ISSUE_ID" hello && node ${jit} issue update "$JIT_ISSUE_ID" --add-label checked`,
  );
  expect((await json('gate', 'run', id)).runs[0].verdict).toBe('passed');
  const issue = await json('issue', 'show', id);
  expect([issue.labels, issue.comments[0].text]).toEqual([['checked'], 'hello']);
});

test('a checker that runs its own gate is refused inside, and fails by what it makes of that', async () => {
  const { gated, fails, run } = await gateTracker();
  const jit = join(import.meta.dirname, '../../bin/jit.js');
  const id = await gated(`node ${jit} gate run "$JIT_ISSUE_ID"`);
  expect(await fails(4, 'gate', 'run', id)).toMatchObject({ code: 'GATE_FAILED' });
  expect((await run('gate', 'log', id, 'check')).stdout).toContain("can't be run by itself");
});
