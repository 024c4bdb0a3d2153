import { bundlePath, cleanEnv, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import { runProgram } from '../../src/tracker/run-program.ts';
import type { Tracker } from '../../src/tracker/tracker.ts';
import { describeTracker } from '../describe-tracker.ts';
import { openJit } from './open-jit.ts';
import { createSimulatedClock } from './simulated-clock.ts';

function trackerOver(run: typeof runProgram, root: string): Tracker {
  const program = { argv: [process.execPath, bundlePath('jit')], suffix: [], cwd: root, env: {} };
  return createJitCli({ program, environment: cleanEnv(), timeoutMs: 60_000, actor: 'x', run });
}

describeTracker('jit as a process for each call', async () => {
  const root = tempFolder();
  await runBundle('jit', ['init'], { cwd: root });
  const { stdout } = await runBundle('jit', ['issue', 'create', 'One', '--json'], { cwd: root });
  return { tracker: trackerOver(runProgram, root), issue: JSON.parse(stdout).id as string };
});

describeTracker('jit as one process that stays open', async () => {
  const jit = await openJit(createSimulatedClock());
  const made = await jit.ask('issue', 'create', 'One');
  return { tracker: trackerOver(jit.run, jit.root), issue: String(made.result.id) };
});
