import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { systemTimers } from '../../timers.ts';
import type { Means } from '../kind.ts';
import type { Task } from '../task.ts';
import { humanKind } from './human-kind.ts';

test("the program that tells a person is given no more than an agent of one's own, and no claim", async () => {
  const cwd = tempFolder();
  const script = (name: string, text: string) => {
    writeFileSync(join(cwd, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return join(cwd, name);
  };
  const issue = { state: 'in_progress', attempt: 1, comments: [], updated_at: '' };
  const tracker = script('tracker', `echo '${JSON.stringify({ exit: 0, result: issue })}'`);
  const notify = [script('notify', 'env > names')];
  const pass_env = ['PAGER_*', 'ROOM'];
  const facts = {
    cwd,
    attempt: 1,
    pass_env,
    tracker: { argv: [tracker], suffix: [], cwd, env: {} },
  };
  const given = {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    PAGER_KEY: 'k',
    ROOM: '7',
    JIT_RUN_ID: 'r1',
  };
  const means: Means = {
    key: 'r1',
    earlier: null,
    say: () => {},
    wake: () => {},
    keep: () => {},
    timers: systemTimers,
    now: Date.now,
    environment: { ...given, FORGE_TOKEN: 'hush', JIT_CLAIM: 'c', JIT_TRACKER_COMMAND: '[]' },
    secrets: new Set(),
  };
  const settings = { notify, pollSecs: 60 };
  const assignment = await humanKind.open(settings, facts as unknown as Task, means);
  expect(await assignment.begin()).toMatchObject({ is: 'going' });
  const names = readFileSync(join(cwd, 'names'), 'utf8').match(/^\w+(?==)/gm) ?? [];
  // What the shell sets by itself.
  const ofShell = ['PWD', 'OLDPWD', 'SHLVL', '_'];
  expect(names.filter((name) => !ofShell.includes(name)).sort()).toEqual(Object.keys(given).sort());
});
