import { bundlePath, cleanEnv, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import { runProgram } from '../../src/tracker/run-program.ts';
import type { Tracker } from '../../src/tracker/tracker.ts';
import { openJit } from './open-jit.ts';
import { createSimulatedClock } from './simulated-clock.ts';

const TOKEN = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

function trackerOver(run: typeof runProgram, root: string): Tracker {
  const program = { argv: [process.execPath, bundlePath('jit')], suffix: [], cwd: root, env: {} };
  return createJitCli({ program, environment: cleanEnv(), timeoutMs: 60_000, actor: 'x', run });
}

async function processes() {
  const root = tempFolder();
  await runBundle('jit', ['init'], { cwd: root });
  const { stdout } = await runBundle('jit', ['issue', 'create', 'One', '--json'], { cwd: root });
  return { tracker: trackerOver(runProgram, root), issue: JSON.parse(stdout).id as string };
}

async function oneThatStaysOpen() {
  const jit = await openJit(createSimulatedClock());
  const made = await jit.ask('issue', 'create', 'One');
  return { tracker: trackerOver(jit.run, jit.root), issue: String(made.result.id) };
}

describe.each([
  ['a process for each call', processes],
  ['one that stays open', oneThatStaysOpen],
] as const)('jit as %s', (_, open) => {
  test('lists, claims, refuses, renews, gives back and finishes in the same words', async () => {
    const { tracker, issue } = await open();
    const claim = { do: 'claim', issue, agent: 'a', ttlSecs: 600, maxHeld: 1 } as const;
    expect(await tracker.ready()).toMatchObject([{ id: issue, title: 'One', state: 'ready' }]);
    const answers = await tracker.call([
      { ...claim, token: TOKEN },
      { ...claim, token: OTHER },
      { do: 'heartbeat', issue, token: TOKEN },
      { do: 'heartbeat', issue, token: OTHER },
      { do: 'assigned', agent: 'a' },
      { do: 'show', issue: 'no-such-issue' },
    ]);
    expect(answers).toMatchObject([
      { is: 'ok', issues: [{ id: issue, attempt: 1, state: 'in_progress' }] },
      { is: 'refused', exit: 6, code: 'ALREADY_CLAIMED' },
      { is: 'ok' },
      { is: 'refused', exit: 7, code: 'LOST_CLAIM' },
      { is: 'ok', issues: [{ id: issue, isClaimed: true }] },
      { is: 'refused', exit: 3, code: 'NOT_FOUND' },
    ]);
    expect(await tracker.ready()).toEqual([]);
    const release = { do: 'release', issue, reason: 'x', failed: 'agent', deferSecs: 0 } as const;
    expect(await tracker.call([{ ...release, token: TOKEN }])).toMatchObject([{ is: 'ok' }]);
    expect(
      await tracker.call([
        { ...claim, token: OTHER },
        { do: 'finish', issue, token: OTHER },
      ]),
    ).toMatchObject([{ is: 'ok', issues: [{ attempt: 2 }] }, { is: 'ok' }]);
    expect(await tracker.call([{ do: 'show', issue }])).toMatchObject([
      { is: 'ok', issues: [{ state: 'done', attempt: 2 }] },
    ]);
  });
});
