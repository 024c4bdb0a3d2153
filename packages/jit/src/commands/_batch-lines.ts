import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import { executeLine } from '@jit/cli-kit/execute-line';
import { findCommand } from '@jit/cli-kit/find-command';
import { commonGlobals } from '@jit/cli-kit/globals';
import type { Args } from '@jit/cli-kit/option-spec';
import { exitCodeOf, JitError, toErrorObject, usageError } from '@jit/contract/errors';
import type { BatchLineOutput } from '@jit/contract/outputs/repository';
import type { JitContext } from '../context.ts';
import type { BatchStore } from './_batch-store.ts';

/** What became of a line, before it is certain that its group becomes durable. */
export interface Ran {
  readonly output: BatchLineOutput;
  /** It was run in an open group: what it did or saw is gone if the group fails. */
  readonly grouped: boolean;
}

/** Runs the lines of a batch. */
export interface LineRunner {
  run(text: string): Promise<Ran>;
  /** True for a line that waits for others: no group may be open while it runs. */
  waits(text: string): Promise<boolean>;
  /** Runs such a line, on the store itself. */
  runAlone(text: string): Promise<Ran>;
}

/** Commands that act on other things than the open tracker. */
const OUTSIDE = [
  'batch',
  'init',
  'config set',
  'config unset',
  'export',
  'import jit',
  'merge-driver',
  'git setup',
];

/** Flags that the batch as a whole has: a line can't have its own. */
const OF_THE_BATCH = ['dir', 'lockTimeout'] as const;

/** Gives what runs the lines of one batch. */
export function lineRunner(
  context: JitContext,
  store: BatchStore,
  commands: readonly CommandIndexEntry<JitContext>[],
): LineRunner {
  const entries = commands.map((entry) =>
    OUTSIDE.includes(entry.path) ? { ...entry, load: () => refuse(entry.path) } : entry,
  );
  // What every line would say is said once.
  const said = new Set<string>();
  const warn = (message: string) => {
    if (!said.has(message)) context.warn(message);
    said.add(message);
  };
  const quiet = (line: JitContext): JitContext =>
    Object.create(line, { warn: { value: warn }, isBatchLine: { value: true } });
  // The batch's own --actor says who acts; a line such as `events query` would filter by it.
  const plain: JitContext = Object.create(quiet(context.on(store.storeFor(context.actor))), {
    actorFlag: { value: undefined },
  });
  const options = { program: 'jit', globals: commonGlobals };
  const execute = async (text: string, contextFor: (actor: string | null) => JitContext) => {
    const argv = argvOf(text);
    if (argv instanceof JitError) return { output: failed(argv), grouped: false };
    const makeContext = (globals: Args) => {
      refuseGlobals(globals);
      return contextFor(typeof globals.actor === 'string' ? globals.actor : null);
    };
    const { exit, data, error } = await executeLine(entries, argv, makeContext, options);
    if (error?.kind === 'bug' && error.cause instanceof Error)
      context.warn(error.cause.stack ?? '');
    const output = error === undefined ? { exit, result: data ?? null } : failed(error);
    return { output, grouped: store.isOpen };
  };
  const joining = (actor: string | null) =>
    actor === null ? plain : quiet(context.with({ actor }).on(store.storeFor(actor)));
  return {
    run: (text) => execute(text, joining),
    async waits(text) {
      const argv = argvOf(text);
      if (argv instanceof JitError) return false;
      try {
        const { entry, rest } = await findCommand(entries, argv, commonGlobals, 'jit');
        return (await entry.load()).waits?.(rest) === true;
      } catch {
        return false; // the line will say itself what is wrong with it
      }
    },
    async runAlone(text) {
      let own: JitContext | undefined;
      try {
        return await execute(text, (actor) => {
          if (actor === null)
            return Object.create(quiet(context), { actorFlag: { value: undefined } });
          own = context.with({ actor });
          return quiet(own);
        });
      } finally {
        await own?.close();
      }
    },
  };
}

function refuseGlobals(globals: Args): void {
  for (const name of OF_THE_BATCH) {
    if (globals[name] === undefined) continue;
    const flag = name === 'dir' ? '--dir' : '--lock-timeout';
    throw usageError(`${flag} can't stand in a line of a batch`, {
      hint: 'Give it to jit batch: it counts for all lines.',
    });
  }
}

async function refuse(path: string): Promise<never> {
  throw usageError(`'jit ${path}' can't run inside a batch`);
}

/** A line that failed, with the exit code it would have had by itself. */
export function failed(error: unknown): BatchLineOutput {
  const exit = exitCodeOf(error instanceof JitError ? error.kind : 'bug');
  const { code, message, hint, retryable, details } = toErrorObject(error).error;
  return { exit, error: { code, message, hint, retryable, details: { ...details } } };
}

function argvOf(text: string): readonly string[] | JitError {
  const facts = { hint: 'One line per command, such as ["issue","show","7kq2"].' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return usageError('the line is not JSON', facts);
  }
  return isArgv(value) ? value : usageError('the line is not a JSON array of strings', facts);
}

function isArgv(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
