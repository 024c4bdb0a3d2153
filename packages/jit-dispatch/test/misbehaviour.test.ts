import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunLogOutput, RunOutput } from '@jit/contract/outputs/dispatch';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { expect, test } from 'vitest';
import { findMarked } from '../src/keeper/identity.ts';
import { hasRunEnded } from '../src/runners/read-run.ts';
import { createRepository } from './repository.ts';
import { runFolders } from './run-folders.ts';
import { until } from './until.ts';

interface Misbehaviour {
  /** The agent, for `sh`. */
  readonly script: string;
  /** Keys of its table. */
  readonly keys?: string;
  readonly ends: Partial<Pick<RunOutput, 'state' | 'reason' | 'signal' | 'exit_code'>>;
  readonly log?: RegExp;
}

const EXIT = 'completion = "exit"';
const SHORT = 'warn_secs = 0.3, notify_secs = 0.5, stop_secs = 0.8';
const DONE = { state: 'completed', reason: 'exit_0' } as const;
const STALLED = { state: 'stalled', reason: 'stalled' } as const;
const TIMED_OUT = { state: 'timed_out', reason: 'time_limit' } as const;
const CAP = 50 * 1024 * 1024;

const MISBEHAVIOURS: Readonly<Record<string, Misbehaviour>> = {
  hangs: {
    script: 'echo begun; exec sleep 300',
    // Until its first word it has time: what is watched is the silence after it.
    keys: `stall = { startup_grace_secs = 60, ${SHORT} }`,
    ends: STALLED,
    log: /^begun\n$/,
  },
  'never-says-a-word': {
    script: 'exec sleep 300',
    keys: `stall = { startup_grace_secs = 0, ${SHORT} }`,
    ends: STALLED,
    log: /^$/,
  },
  'starts-slowly': {
    script: 'sleep 2; echo here',
    keys: `${EXIT}\nstall = { startup_grace_secs = 100, ${SHORT} }`,
    ends: DONE,
    log: /^here\n$/,
  },
  'only-touches-a-file': {
    script: 'for i in $(seq 40); do : > "$JIT_HEARTBEAT_FILE"; sleep 0.1; done',
    keys: `${EXIT}\nstall = { startup_grace_secs = 0, warn_secs = 0, notify_secs = 0, stop_secs = 2 }`,
    ends: DONE,
  },
  'never-stops-talking': {
    script: 'while :; do echo and; sleep 0.05; done',
    keys: 'time_limit_secs = 1.5',
    ends: TIMED_OUT,
    log: /^(and\n)+$/,
  },
  'ignores-sigterm': {
    script: 'trap "" TERM; while :; do sleep 0.1; done',
    keys: 'time_limit_secs = 0.5',
    ends: { ...TIMED_OUT, signal: 'SIGKILL' },
  },
  floods: {
    script: 'echo first; head -c 70000000 /dev/zero | tr "\\0" "x"; echo; echo last',
    keys: EXIT,
    ends: DONE,
    log: /^first\nx+\n\[… \d+ bytes left out …\]\nx+\nlast\n$/,
  },
  'forks-and-exits': {
    script: 'sleep 300 & echo forked',
    keys: EXIT,
    ends: DONE,
    log: /^forked\n$/,
  },
  'leaves-its-session': {
    script: 'setsid sh -c "touch away; exec sleep 300" & until [ -e away ]; do sleep 0.1; done',
    keys: EXIT,
    ends: DONE,
  },
  'lies-about-success': {
    script: 'echo all done',
    ends: { state: 'failed', reason: 'no_progress', exit_code: 0 },
  },
  'dies-at-once': {
    script: 'exit 3',
    ends: { state: 'failed', reason: 'exit_code', exit_code: 3 },
    log: /^$/,
  },
  'prints-half-a-line': {
    script: 'printf "half a li"',
    keys: EXIT,
    ends: DONE,
    log: /^half a li$/,
  },
  'prints-no-text': {
    script: "printf 'a\\377\\303(\\000\\033]0;title\\007z\\n'",
    keys: EXIT,
    ends: DONE,
    log: /^a\ufffd\ufffd\(.*z\n$/s,
  },
  'prints-a-long-line': {
    script: 'head -c 3000000 /dev/zero | tr "\\0" "y"',
    keys: EXIT,
    ends: DONE,
    log: /^y{3000000}$/,
  },
  'prints-its-token': {
    script:
      'printf "%s" "$JIT_CLAIM" | cut -c 1-9 | tr -d "\\n"; sleep 0.3; printf "%s" "$JIT_CLAIM" | cut -c 10-',
    keys: EXIT,
    ends: DONE,
    log: /^\[redacted\]\n$/,
  },
  'closes-its-output': { script: 'exec >&- 2>&-; sleep 0.5', keys: EXIT, ends: DONE, log: /^$/ },
  'asks-for-input': {
    script: 'echo "sure?"; read answer; echo "answer: [$answer]"',
    keys: EXIT,
    ends: DONE,
    log: /^sure\?\nanswer: \[\]\n$/,
  },
  'kills-its-group': {
    script: 'sleep 300 & kill -TERM 0; sleep 300',
    ends: { state: 'failed', signal: 'SIGTERM' },
  },
  'kills-itself': {
    script: 'kill -9 $$',
    ends: { state: 'failed', reason: 'killed', signal: 'SIGKILL' },
  },
  'kills-its-keeper': {
    script: 'kill -9 $PPID; exec sleep 300',
    ends: { state: 'lost', reason: 'keeper_died' },
  },
  'makes-zombies': {
    script: 'true & true & true & exec sleep 0.5',
    keys: EXIT,
    ends: DONE,
  },
};

test('an agent that misbehaves ends as documented, its slot is free, nothing of it is left', async () => {
  const repository = await createRepository();
  const names = Object.keys(MISBEHAVIOURS);
  const wanted = names.map((name) => ({ title: name, assignee: name }));
  writeFileSync(join(repository.root, 'issues.json'), JSON.stringify(wanted));
  await repository.jit(['issue', 'create', '--from-json', 'issues.json']);
  const all = await repository.issues();
  const issues = new Map(all.map(({ title, id }) => [title, id]));
  let toml = 'max_concurrent = 100\nstop_grace_secs = 0.5\n';
  for (const [name, { script, keys = '' }] of Object.entries(MISBEHAVIOURS)) {
    repository.script(name, `#!/bin/sh\n${script}\n`);
    toml += `[[agents]]\nid = "${name}"\ncommand = "./${name}"\n${keys}\n`;
  }
  repository.configure(toml);
  const count = names.length;
  expect((await repository.once()).started).toHaveLength(count);
  const folders = runFolders(repository.root);
  await until('all have ended', () => folders.every(hasRunEnded));
  const { settled } = await repository.once('--max-issues', '0');
  expect(settled).toHaveLength(count);

  for (const [name, { ends, log }] of Object.entries(MISBEHAVIOURS)) {
    const issue = issues.get(name) ?? '';
    const run = settled.find((each) => each.issue === issue);
    expect(run, name).toMatchObject(ends);
    expect((await repository.issue(issue)).claim, name).toBeNull();
    const { exit, stdout } = await repository.dispatch('logs', run?.run ?? '', '--json');
    expect(exit, name).toBe(0);
    const shown = JSON.parse(stdout) as RunLogOutput;
    if (log !== undefined) expect(log.test(shown.text ?? ''), `log of ${name}`).toBe(true);
  }
  const status = await repository.dispatch('status', '--json');
  const { agents } = JSON.parse(status.stdout) as DispatcherStatusOutput;
  for (const agent of agents) expect(agent).toMatchObject({ running: 0, claimed: 0 });
  const left = folders.flatMap((folder) => findMarked('JIT_RUN_ID', basename(folder)));
  expect(left).toEqual([]);
  const sizes = folders.map((folder) => {
    const files = readdirSync(folder).filter((name) => name.startsWith('output'));
    return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  });
  expect(Math.max(...sizes)).toBeLessThanOrEqual(CAP);
  console.log(
    `${count} misbehaviours: ${count} ended as documented, 0 slots taken, ${left.length} processes left, ${Math.max(...sizes)} bytes of output at most`,
  );
});
