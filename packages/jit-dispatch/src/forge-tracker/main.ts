import { exitCodeOf, JitError, toErrorObject } from '@jit/contract/errors';
import { createAccounts } from '../forge/accounts.ts';
import { systemTimers } from '../timers.ts';
import { runForgeTracker } from './forge-tracker.ts';
import { openDesk } from './open-desk.ts';
import { readOptions } from './options.ts';

// Built as one CommonJS file, as keepers and agents start it for each call.
void main();

async function main(): Promise<void> {
  const { env, argv } = process;
  const [, , word = '', ...call] = argv;
  try {
    const options = readOptions(word);
    const abort = new AbortController();
    const desk = await openDesk(() => options, {
      environment: env,
      timers: systemTimers,
      now: Date.now,
      accounts: createAccounts(),
      signal: abort.signal,
      step: (name) => {
        if (__TEST_BUILD__ && env.JIT_DISPATCH_TEST_FORGE_KILL_AT === name)
          process.kill(process.pid, 'SIGKILL');
      },
    });
    const {
      JIT_CLAIM: token,
      JIT_ISSUE_ID: issue,
      JIT_ACTOR,
      JIT_AGENT_ID,
      USER = 'somebody',
    } = env;
    const claim = token === undefined || issue === undefined ? null : { token, issue };
    const input = call.includes('batch') ? await readInput() : '';
    const actor = JIT_ACTOR ?? JIT_AGENT_ID ?? USER;
    const { exit, stdout } = await runForgeTracker(desk, call, { input, actor, claim });
    process.stdout.write(stdout);
    process.exitCode = exit;
  } catch (error) {
    process.stdout.write(`${JSON.stringify(toErrorObject(error))}\n`);
    process.exitCode = exitCodeOf(error instanceof JitError ? error.kind : 'bug');
  }
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
