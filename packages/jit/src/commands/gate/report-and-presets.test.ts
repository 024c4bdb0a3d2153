import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';
import { GATE_PRESETS } from '../../domain/gate-presets.ts';

const COMMIT = 'ab12cd34'.repeat(5);

async function reported() {
  const tracker = await tempTracker();
  await tracker.json('gate define ci --stage done --command "make ci"');
  const id = await tracker.create('A', '--gate', 'ci');
  await tracker.run(['issue', 'update', id, '--state', 'done']);
  const line = (...flags: string[]) => ['gate', 'report', id, 'ci', '--commit', COMMIT, ...flags];
  return { ...tracker, id, line };
}

describe('gate report', () => {
  test('passes a gate with the evidence of another machine', async () => {
    const { json, line, dir, id, events, file } = await reported();
    const path = join(dir, 'ci.log');
    writeFileSync(path, 'all good\n');
    const report = await json(line('--exit', '0', '--output-file', path));
    expect(report).toMatchObject({ state: 'done', changed: true });
    expect(report.runs[0]).toMatchObject({ reported: true, by: 'ana', commit: COMMIT });
    expect(file(id).gates.ci).toMatchObject({ status: 'passed', commit: COMMIT, by: 'ana' });
    expect(events().find(({ type }) => type === 'gate_passed')).toMatchObject({ commit: COMMIT });
    expect((await json(`gate log ${id} ci`)).output).toBe('all good\n');
  });

  test('has the verdicts of gate run, and shows the output of a failure', async () => {
    const { fails, line, json, id, run } = await reported();
    const none = await fails(line('--exit', '127', '--output', 'make: not found'));
    expect(none).toMatchObject({ exit: 10, code: 'CHECKER_COULD_NOT_RUN' });
    expect(none.details.runs[0].output_tail).toBe('make: not found');
    expect((await json(`gate status ${id}`)).gates[0]).toMatchObject({
      status: 'pending',
      last_run: { verdict: 'could_not_run' },
    });
    expect(await fails(line('--exit', '2'))).toMatchObject({ exit: 4, code: 'GATE_FAILED' });
    expect((await json(`issue show ${id}`)).state).toBe('ready');
    expect((await run(line('--exit', '1', '--output', 'line 7'))).stderr).toContain('line 7');
  });

  test('only keeps a result that is for another attempt: exit 6', async () => {
    const { fails, json, line, id } = await reported();
    const late = await fails(line('--exit', '0', '--attempt', '3'));
    expect(late).toMatchObject({ exit: 6, code: 'GATE_RUN_STALE' });
    expect((await json(`issue show ${id}`)).state).toBe('gated');
  });

  test('refuses what is no exit code, no commit, no automatic gate', async () => {
    const { fails, line, json, id } = await reported();
    expect(await fails(line('--exit', '256'))).toMatchObject({ exit: 2 });
    expect(await fails(line('--exit', '-1'))).toMatchObject({ exit: 2 });
    const bad = ['gate', 'report', id, 'ci', '--exit', '0', '--commit', 'HEAD'];
    expect(await fails(bad)).toMatchObject({ exit: 2 });
    await json('gate define review');
    await json(`gate add ${id} review`);
    const manual = `gate report ${id} review --exit 0 --commit none`;
    expect(await fails(manual)).toMatchObject({ exit: 4, code: 'GATE_NOT_AUTO' });
    expect(await fails(`gate log ${id} review`)).toMatchObject({ exit: 3, code: 'NO_GATE_RUN' });
  });
});

describe('gate preset', () => {
  test('each can be applied to a new tracker, its checkers are trusted, and twice changes nothing', async () => {
    for (const { name, gates } of GATE_PRESETS) {
      const { json, create } = await tempTracker();
      const id = await create('A');
      const applied = await json(['gate', 'preset', 'apply', name, id, '--timeout', '900']);
      const keys = gates.map(({ key }) => key);
      expect(applied).toMatchObject({
        changed: true,
        defined: keys,
        issues: [{ id, added: keys }],
      });
      for (const { mode, trusted, checker } of applied.gates) {
        expect(trusted).toBe(mode === 'auto' ? true : null);
        if (checker !== null) expect(checker.timeout_secs).toBe(900);
      }
      const again = await json(['gate', 'preset', 'apply', name, id, '--timeout', '900']);
      expect(again).toMatchObject({ changed: false, defined: [] });
    }
  });

  test('refuses a key that is defined otherwise, names it, and changes nothing', async () => {
    const { json, fails, create, dir } = await tempTracker();
    const id = await create('A');
    await json('gate define lint --stage done --command "make lint"');
    const before = readFileSync(join(dir, '.jit', 'issues', `${id}.json`), 'utf8');
    expect(await fails(['gate', 'preset', 'apply', 'node', id])).toMatchObject({
      exit: 6,
      code: 'GATE_EXISTS',
      details: { gate: 'lint' },
    });
    expect((await json('gate list')).map(({ key }: { key: string }) => key)).toEqual(['lint']);
    expect(readFileSync(join(dir, '.jit', 'issues', `${id}.json`), 'utf8')).toBe(before);
    const without = await json(['gate', 'preset', 'apply', 'node', id, '--except', 'lint']);
    expect(without).toMatchObject({ defined: ['tests'], issues: [{ id, added: ['tests'] }] });
  });

  test('a manual gate of a preset is not the automatic one that has its key', async () => {
    const { json, fails } = await tempTracker();
    await json('gate define review --stage done --command true');
    expect(await fails('gate preset apply review')).toMatchObject({ exit: 6, code: 'GATE_EXISTS' });
    expect(await json('gate list')).toHaveLength(1);
  });

  test('refuses what is not there, with the nearest', async () => {
    const { fails, run } = await tempTracker();
    expect(await fails('gate preset show rusty')).toMatchObject({
      exit: 3,
      code: 'PRESET_NOT_FOUND',
      details: { nearest: 'rust' },
    });
    expect(await fails('gate preset apply node --except nothing')).toMatchObject({ exit: 2 });
    expect((await run('gate preset list')).stdout).toContain('rust\ttests, lint, format');
    expect((await run('gate preset show rust')).stdout).toContain('cargo test');
  });
});

describe('gate update', () => {
  test('changes what is given and keeps the rest, results included', async () => {
    const { json, fails, create, file, events } = await tempTracker();
    await json('gate define review --title Old');
    const id = await create('A', '--gate', 'review');
    await json(`gate pass ${id} review`);
    expect(await json('gate update review --title New')).toMatchObject({
      title: 'New',
      stage: 'ready',
      mode: 'manual',
      changed: true,
    });
    expect(events().at(-1)).toMatchObject({
      type: 'gate_defined',
      changes: { title: { from: 'Old', to: 'New' } },
    });
    expect(await json('gate update review --title New')).toMatchObject({ changed: false });
    expect(file(id).gates.review.status).toBe('passed');
    expect(await fails('gate update review')).toMatchObject({ exit: 2 });
    expect(await fails('gate update review --timeout 5')).toMatchObject({ exit: 2 });
    expect(await fails('gate update reviw --title X')).toMatchObject({
      exit: 3,
      details: { nearest: 'review' },
    });
    const both = 'gate update review --command x --clear command';
    expect(await fails(both)).toMatchObject({ exit: 2 });
  });
});
