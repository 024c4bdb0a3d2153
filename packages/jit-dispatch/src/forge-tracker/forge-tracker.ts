import { exitCodeOf, JitError, toErrorObject } from '@jit/contract/errors';
import type { Desk } from './desk.ts';
import { endsClaim } from './errors.ts';
import { type Caller, prepareCall } from './make-call.ts';
import { parseCall } from './parse-call.ts';
import { type Outcome, runAtomic, runBatch } from './run-batch.ts';
import { createSlots } from './slots.ts';

/** What a program printed, and how it ended. */
export interface Printed {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Who calls: names and claim where the words of the call have none. */
export interface CallerFacts {
  readonly actor: string;
  readonly claim: Caller['claim'];
}

/** Answers a call in the words of jit's command line, as jit would answer it. */
export async function runForgeTracker(
  desk: Desk,
  argv: readonly string[],
  { input, ...facts }: CallerFacts & { readonly input: string },
): Promise<Printed> {
  const caller: Caller = { desk, slots: createSlots(desk.view), ...facts };
  try {
    const call = parseCall(argv);
    if (call.path !== 'batch') {
      const result = await (await prepareCall(caller, call))();
      return printed(0, `${JSON.stringify(result)}\n`);
    }
    const run = call.options.has('atomic') ? runAtomic : runBatch;
    const outcomes = await run(caller, input);
    const lines = outcomes.map((outcome) => toLine(outcome));
    const failed = lines.find(({ exit, isCause }) => exit !== 0 && isCause);
    return printed(failed?.exit ?? 0, lines.map(({ text }) => `${text}\n`).join(''));
  } catch (error) {
    const known = asAnswer(error, false);
    return printed(exitOf(known), `${JSON.stringify(toErrorObject(known))}\n`);
  }
}

function printed(exit: number, stdout: string): Printed {
  return { exit, stdout, stderr: '' };
}

function toLine(outcome: Outcome): { text: string; exit: number; isCause: boolean } {
  if ('result' in outcome)
    return { text: JSON.stringify({ exit: 0, result: outcome.result }), exit: 0, isCause: false };
  const error = asAnswer(outcome.error, outcome.isClaim);
  const exit = exitOf(error);
  const isCause = !(error instanceof JitError && error.code === 'ROLLED_BACK');
  return { text: JSON.stringify({ exit, ...toErrorObject(error) }), exit, isCause };
}

function exitOf(error: unknown): number {
  return exitCodeOf(error instanceof JitError ? error.kind : 'bug');
}

/**
 * What a forge did not answer says nothing about an issue: that it is gone is said by this program alone. The same
 * call may succeed later; only a claim that is refused is not made again and again.
 */
function asAnswer(error: unknown, isClaim: boolean): unknown {
  if (!(error instanceof JitError) || !error.code.startsWith('FORGE_')) return error;
  const { kind, code, message, hint, details } = error;
  return new JitError(kind === 'permission' ? 'permission' : 'external', code, message, {
    ...(hint === undefined ? {} : { hint }),
    retryable: !isClaim || !endsClaim(error),
    details,
    cause: error,
  });
}
