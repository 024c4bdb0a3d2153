import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { gateTracker } from './gate-tracker.ts';

test('what came with a repository is shown and not run, until it is trusted on this machine', async () => {
  const { gated, git, cwd } = await gateTracker();
  const marker = join(tempFolder(), 'ran');
  const id = await gated(`touch ${marker}`);
  git('add', '-A');
  git('commit', '-q', '-m', 'tracker');
  const clone = join(tempFolder(), 'clone');
  git('clone', '-q', cwd, clone);
  const run = (...argv: string[]) => runBundle('jit', argv, { cwd: clone });
  for (const line of [
    ['gate', 'run', id],
    ['gate', 'pass', id, 'check'],
  ]) {
    const { exit, stdout } = await run(...line, '--json');
    const { error } = JSON.parse(stdout);
    expect([exit, error.code]).toEqual([5, 'GATE_NOT_TRUSTED']);
    expect(error.message).toContain(`touch ${marker}`);
    expect(error.hint).toContain('jit gate trust check');
  }
  expect(existsSync(marker)).toBe(false);
  expect((await run('gate', 'list')).stdout).toContain('not trusted');
  expect((await run('gate', 'trust', 'check')).stdout).toContain(`touch ${marker}`);
  expect((await run('gate', 'run', id)).exit).toBe(0);
  expect(existsSync(marker)).toBe(true);
});

test.each([
  ['command', (gate: Record<string, never>) => ({ ...gate, command: 'touch other' })],
  [
    'env',
    (gate: Record<string, never>) => ({ ...gate, env: { NODE_OPTIONS: '--require ./x.js' } }),
  ],
  ['working_dir', (gate: Record<string, never>) => ({ ...gate, working_dir: 'sub' })],
])('a definition whose %s was edited in the file is asked for again', async (_, change) => {
  const { gated, fails, json, run, cwd } = await gateTracker();
  const id = await gated('true');
  const path = join(cwd, '.jit', 'gates', 'check.json');
  const gate = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...gate, checker: change(gate.checker) }));
  expect(await fails(5, 'gate', 'run', id)).toMatchObject({ code: 'GATE_NOT_TRUSTED' });
  // Words that change nothing of it do not trust it either, nor does a command beside a strange env.
  await json('gate', 'update', 'check', '--title', 'Other words');
  await run('gate', 'define', 'check', '--stage', 'done', '--command', 'true');
  expect(await fails(5, 'gate', 'run', id)).toMatchObject({ code: 'GATE_NOT_TRUSTED' });
  expect(await json('gate', 'trust', '--all')).toMatchObject([{ key: 'check', changed: true }]);
  expect((await run('gate', 'run', id)).exit).not.toBe(5);
});

test('a changed command is trusted with the rest only where all of it is known', async () => {
  const { gated, json, cwd, fails } = await gateTracker();
  const id = await gated('true', '--env', 'A=1');
  const own = await json('gate', 'update', 'check', '--command', 'exit 0');
  expect(own).toMatchObject({ trusted: true, checker: { command: 'exit 0', env: { A: '1' } } });
  const path = join(cwd, '.jit', 'gates', 'check.json');
  const gate = JSON.parse(readFileSync(path, 'utf8'));
  const strange = { ...gate, checker: { ...gate.checker, env: { LD_PRELOAD: './x.so' } } };
  writeFileSync(path, JSON.stringify(strange));
  expect(await json('gate', 'update', 'check', '--command', 'true')).toMatchObject({
    trusted: false,
  });
  expect(await fails(5, 'gate', 'run', id)).toMatchObject({ code: 'GATE_NOT_TRUSTED' });
  const cleared = await json('gate', 'update', 'check', '--command', 'exit 0', '--clear', 'env');
  expect(cleared).toMatchObject({ trusted: true, checker: { env: {} } });
  expect(await json('gate', 'update', 'check', '--clear', 'command')).toMatchObject({
    mode: 'manual',
    checker: null,
    trusted: null,
  });
});

test('a copy of the repository, and its local folder, bring no trust along', async () => {
  const { gated, cwd } = await gateTracker();
  const id = await gated('true');
  const copy = join(tempFolder(), 'copy');
  cpSync(cwd, copy, { recursive: true });
  expect((await runBundle('jit', ['gate', 'run', id], { cwd: copy })).exit).toBe(5);
});

test('where trust can not be kept, defining still works and says so, and nothing is run', async () => {
  const { cwd, json } = await gateTracker();
  const place = join(tempFolder(), 'state');
  writeFileSync(place, 'no folder');
  const env = { XDG_STATE_HOME: place };
  const define = ['gate', 'define', 'check', '--stage', 'done', '--command', 'true'];
  const ended = await runBundle('jit', define, { cwd, env });
  expect([ended.exit, ended.stderr]).toEqual([0, expect.stringContaining('not trusted')]);
  const { id } = await json('issue', 'create', 'A', '--gate', 'check');
  expect((await runBundle('jit', ['gate', 'run', id], { cwd, env })).exit).toBe(5);
  const trust = await runBundle('jit', ['gate', 'trust', 'check', '--json'], { cwd, env });
  expect([trust.exit, JSON.parse(trust.stdout).error.code]).toEqual([5, 'TRUST_NOT_STORED']);
});

test('trust is kept in the home of the user where the environment names no other place', async () => {
  const { cwd, json } = await gateTracker();
  await json('gate', 'define', 'check', '--stage', 'done', '--command', 'true');
  const home = tempFolder();
  const env = { XDG_STATE_HOME: 'relative', HOME: home };
  expect((await runBundle('jit', ['gate', 'trust', 'check'], { cwd, env })).exit).toBe(0);
  const folder = join(home, '.local', 'state', 'jit', 'trusted-checkers');
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test('what is shown of a strange command hides nothing', async () => {
  const { gated, cwd, fails } = await gateTracker();
  const id = await gated('true');
  const path = join(cwd, '.jit', 'gates', 'check.json');
  const gate = JSON.parse(readFileSync(path, 'utf8'));
  const command = 'rm x\r\u001b[2Knpm test\u202e';
  writeFileSync(path, JSON.stringify({ ...gate, checker: { ...gate.checker, command } }));
  const error = await fails(5, 'gate', 'run', id);
  expect(error.message).toContain('"rm x\\r\\u001b[2Knpm test\\u{202e}"');
});

test('evidence that can not be kept means that nothing is decided: exit 10', async () => {
  const { gated, cwd, fails, gate } = await gateTracker();
  const id = await gated('true');
  const runs = join(cwd, '.jit', 'local', 'gate-runs');
  mkdirSync(join(runs, '..'), { recursive: true });
  writeFileSync(runs, 'no folder');
  chmodSync(runs, 0o444);
  expect(await fails(10, 'gate', 'run', id)).toMatchObject({ code: 'EVIDENCE_NOT_STORED' });
  expect(gate(id)).toEqual({ status: 'pending' });
});
