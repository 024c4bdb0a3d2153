import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { gateTracker } from './gate-tracker.ts';

test('exit 0 passes the gate, and the last one makes a gated issue done with run and commit in file and log', async () => {
  const { gated, fails, json, gate, git } = await gateTracker();
  const id = await gated('echo "$JIT_ISSUE_ID $JIT_GATE_KEY"; test -d "$JIT_DIR/issues"; pwd');
  expect(await fails(4, 'issue', 'update', id, '--state', 'done')).toMatchObject({
    code: 'GATES_OPEN',
  });
  const report = await json('gate', 'run', id);
  expect(report).toMatchObject({ state: 'done', changed: true });
  const [run] = report.runs;
  expect(run).toMatchObject({ verdict: 'passed', exit: 0, commit: git('rev-parse', 'HEAD') });
  expect(gate(id)).toEqual({
    status: 'passed',
    by: 'tester',
    at: expect.any(String),
    commit: run.commit,
    run: run.id,
  });
  const [event] = await json('events', 'query', '--type', 'gate_passed');
  expect(event).toMatchObject({ issue: id, gate: 'check', run: run.id, commit: run.commit });
  const log = await json('gate', 'log', id, 'check');
  expect(log.output).toBe(`${id} check\n${git('rev-parse', '--show-toplevel')}\n`);
});

test.each([
  ['a failure', 'exit 3', 4, 'GATE_FAILED', 'failed', 'exit 3'],
  ['a command that is not there', 'no-such-program', 10, 'CHECKER_COULD_NOT_RUN', 'pending', '127'],
  ['a file that is no program', './.git/HEAD', 10, 'CHECKER_COULD_NOT_RUN', 'pending', '126'],
  ['its own death by a signal', 'kill -9 $$', 10, 'CHECKER_COULD_NOT_RUN', 'pending', 'SIGKILL'],
  [
    "a child's death by a signal",
    "sh -c 'kill -9 $$'; exit $?",
    10,
    'CHECKER_COULD_NOT_RUN',
    'pending',
    'signal 9',
  ],
  ['no sense', ')', 4, 'GATE_FAILED', 'failed', 'exit 2'],
])('%s never passes, and the exit code says which', async (_, command, exit, code, status, end) => {
  const { gated, fails, gate, json } = await gateTracker();
  const id = await gated(command);
  await fails(4, 'issue', 'update', id, '--state', 'done');
  const error = await fails(exit, 'gate', 'run', id);
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(end);
  expect(gate(id).status).toBe(status);
  expect((await json('issue', 'show', id)).state).not.toBe('done');
  expect((await json('gate', 'status', id)).gates[0].last_run.end).toContain(end);
});

test('a checker that hangs is ended at its time limit, with its children: exit 10', async () => {
  const { gated, fails, gate } = await gateTracker();
  const id = await gated('sleep 600 & sleep 600', '--timeout', '1');
  const error = await fails(10, 'gate', 'run', id);
  expect(error.message).toContain('timed out after 1 s');
  expect(gate(id)).toEqual({ status: 'pending' });
});

test('a working folder that is missing, or leads out of the worktree, is exit 10', async () => {
  const { gated, fails, json, cwd } = await gateTracker();
  const id = await gated('pwd', '--working-dir', 'sub');
  expect((await fails(10, 'gate', 'run', id)).message).toContain('is not there');
  const outside = tempFolder();
  symlinkSync(outside, join(cwd, 'sub'));
  expect((await fails(10, 'gate', 'run', id)).message).toContain('outside the worktree');
  mkdirSync(join(cwd, 'real'));
  await json('gate', 'update', 'check', '--working-dir', 'real');
  expect(await json('gate', 'run', id)).toMatchObject({ changed: true });
  expect((await json('gate', 'log', id, 'check')).output.trim()).toBe(join(cwd, 'real'));
});

test('the end of a failed output is shown at once, in words and as JSON, also if it is no UTF-8', async () => {
  const { gated, run, fails } = await gateTracker();
  const id = await gated(
    "printf 'a\\377b\\n'; seq 100; printf '\\033[31mred\\033[0m\\n' >&2; echo last; exit 1",
  );
  const { exit, stdout, stderr } = await run('gate', 'run', id);
  expect([exit, stdout]).toEqual([4, '']);
  expect(stderr).toContain('99\n100\nred\nlast\n');
  expect(stderr).not.toContain('\n50\n');
  const error = await fails(4, 'gate', 'pass', id, 'check');
  expect(error.details.runs[0].output_tail).toMatch(/100\nred\nlast$/);
  const log = await run('gate', 'log', id, 'check');
  expect(log.stdout).toMatch(/^a\ufffdb\n1\n/);
});

test('all gates are run, and the worst verdict decides: 10 before 4', async () => {
  const { gated, json, fails } = await gateTracker();
  const id = await gated('true');
  const bad = ['gate', 'define', 'bad', '--stage', 'done', '--command', 'exit 1'];
  await json(...bad);
  await json('gate', 'define', 'gone', '--stage', 'done', '--command', 'nowhere');
  await json('gate', 'add', id, 'bad', 'gone');
  const error = await fails(10, 'gate', 'run', id);
  const verdicts = error.details.runs.map(({ gate, verdict }: Record<string, string>) => [
    gate,
    verdict,
  ]);
  expect(verdicts).toEqual([
    ['bad', 'failed'],
    ['check', 'passed'],
    ['gone', 'could_not_run'],
  ]);
  // What is passed is not run again unless it is named.
  expect((await fails(4, 'gate', 'run', id, 'bad', 'check')).details.runs).toHaveLength(2);
  await json('gate', 'remove', 'bad', '--issue', id);
  await json('gate', 'remove', 'gone', '--issue', id);
  expect(await json('gate', 'run', id)).toMatchObject({ runs: [], changed: false });
});

test('a manual gate is not run, and a finished issue neither', async () => {
  const { gated, json, fails } = await gateTracker();
  const id = await gated('true');
  await json('gate', 'define', 'review');
  const other = (await json('issue', 'create', 'B', '--gate', 'review')).id;
  const error = await fails(4, 'gate', 'run', other, 'review');
  expect(error).toMatchObject({ code: 'GATE_NOT_AUTO' });
  expect(error.hint).toContain('gate pass');
  await json('gate', 'run', id);
  await json('issue', 'update', id, '--state', 'done');
  expect(await fails(4, 'gate', 'run', id)).toMatchObject({ code: 'ILLEGAL_MOVE' });
});

test('a failed exit gate gives a gated issue back to its holder, and a new attempt asks again', async () => {
  const { gated, json, fails, cwd, gate } = await gateTracker();
  const id = await gated('test -e fixed');
  await json('issue', 'claim', id, 'bot');
  await fails(4, 'issue', 'update', id, '--state', 'done');
  await fails(4, 'gate', 'run', id);
  expect(await json('issue', 'show', id)).toMatchObject({ state: 'in_progress', assignee: 'bot' });
  writeFileSync(join(cwd, 'fixed'), '');
  expect(await json('gate', 'run', id)).toMatchObject({ state: 'in_progress' });
  await json('issue', 'release', id);
  await json('issue', 'claim', id, 'bot');
  expect(gate(id)).toEqual({ status: 'pending' });
  await json('gate', 'run', id);
  await json('issue', 'update', id, '--state', 'done');
  await json('issue', 'reopen', id);
  expect(gate(id)).toEqual({ status: 'pending' });
});

test('passing the last entry gate makes an issue ready, and a new attempt keeps it', async () => {
  const { json, gate } = await gateTracker();
  await json('gate', 'define', 'check', '--stage', 'ready', '--command', 'true');
  const { id, state } = await json('issue', 'create', 'A', '--gate', 'check');
  expect(state).toBe('open');
  expect(await json('gate', 'pass', id, 'check')).toMatchObject({ state: 'ready' });
  await json('issue', 'claim', id, 'bot');
  expect(gate(id).status).toBe('passed');
});

test('runs in the worktree it is called from, whatever a surrounding git hook says', async () => {
  const { gated, git, cwd, json } = await gateTracker();
  const id = await gated('git rev-parse --show-toplevel; env | grep -c ^GIT_DIR=; true');
  const other = join(tempFolder(), 'linked');
  git('worktree', 'add', '-q', '-b', 'side', other);
  mkdirSync(join(other, 'below'));
  const env = { JIT_DIR: cwd, GIT_DIR: join(cwd, '.git'), GIT_WORK_TREE: cwd, GIT_INDEX_FILE: 'x' };
  const ended = await runBundle('jit', ['gate', 'run', id], { cwd: join(other, 'below'), env });
  expect([ended.exit, ended.stderr]).toEqual([0, '']);
  expect((await json('gate', 'log', id, 'check')).output).toBe(`${other}\n0\n`);
});

test('without git it runs in the folder that holds .jit, and before the first commit the commit is null', async () => {
  const cwd = tempFolder();
  const run = (...argv: string[]) => runBundle('jit', argv, { cwd: join(cwd, 'below') });
  mkdirSync(join(cwd, 'below'));
  await runBundle('jit', ['init'], { cwd });
  await run('gate', 'define', 'check', '--stage', 'done', '--command', 'pwd');
  const { stdout } = await run('issue', 'create', 'A', '--gate', 'check', '--json');
  const { id } = JSON.parse(stdout);
  const report = JSON.parse((await run('gate', 'run', id, '--json')).stdout);
  expect(report.runs[0]).toMatchObject({ verdict: 'passed', commit: null });
  expect((await run('gate', 'log', id, 'check')).stdout).toBe(`${cwd}\n`);
});

test('of each gate of an issue the newest ten runs are kept', async () => {
  const { gated, json, cwd } = await gateTracker();
  const id = await gated('true');
  const other = (await json('issue', 'create', 'B', '--gate', 'check')).id;
  await json('gate', 'run', other);
  const line = JSON.stringify(['gate', 'run', id, 'check']);
  const stdin = `${Array.from({ length: 12 }, () => line).join('\n')}\n`;
  const { stdout } = await runBundle('jit', ['batch'], { cwd, stdin });
  const ids = stdout
    .trim()
    .split('\n')
    .map((answer) => JSON.parse(answer).result.runs[0].id);
  const kept = readdirSync(join(cwd, '.jit', 'local', 'gate-runs'));
  expect(kept).toHaveLength(11);
  expect(kept).toEqual(expect.arrayContaining(ids.slice(-10)));
  expect(await json('gate', 'log', other, 'check')).toMatchObject({ issue: other });
  const last = join(cwd, '.jit', 'local', 'gate-runs', ids.at(-1), 'run.json');
  expect(JSON.parse(readFileSync(last, 'utf8'))).toMatchObject({ gate: 'check', issue: id });
});
