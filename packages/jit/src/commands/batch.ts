import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import { harmlessJson } from '@jit/cli-kit/harmless';
import { type ErrorKind, EXIT_CODES, JitError, usageError } from '@jit/contract/errors';
import type { BatchLineOutput } from '@jit/contract/outputs/repository';
import { defineCommand } from '../cli/define-command.ts';
import type { JitContext } from '../context.ts';
import { inputLines } from './_batch-input.ts';
import { failed, type LineRunner, lineRunner, type Ran } from './_batch-lines.ts';
import { BatchStore } from './_batch-store.ts';

/** A group ends after so many lines or milliseconds with the lock: others wait for it meanwhile. */
const MAX_GROUP_LINES = 256;
const MAX_GROUP_MS = 50;

/** Code of the lines of an atomic batch that worked and were taken back. */
const ROLLED_BACK = 'ROLLED_BACK';

/** Makes the command that runs other commands, given those. */
export function batchOf(commands: readonly CommandIndexEntry<JitContext>[]) {
  return defineCommand({
    path: 'batch',
    summary: 'run many commands in one process, one per line of stdin',
    description:
      'Each line is the argv of a command as a JSON array; blank lines are passed over. Each answer is one line: {"exit":0,"result":…} or {"exit":6,"error":{…}}. The answer to a line means that it is durable; lines that arrive together become durable together. The exit code is that of the first line that failed; the others are still tried.',
    examples: [
      {
        argv: 'batch < commands.jsonl',
        does: 'runs lines such as ["issue","claim","7kq2","copilot-1","--ttl","600"]',
      },
      { argv: 'batch --atomic < commands.jsonl', does: 'all of them or none' },
    ],
    options: {
      atomic: {
        type: 'boolean',
        describe:
          'all or nothing: the first failure takes everything back; runs at the end of stdin',
      },
    },
    output: 'BatchLine',
    exits: ['0 every line worked', 'else that of the first line that failed'],
    stream: 'lines',
    run(context, { atomic }) {
      const store = new BatchStore(() => context.store);
      const runner = lineRunner(context, store, commands);
      const lines = inputLines(context.io.stdin());
      return atomic ? runAtomic(store, lines, runner) : runGroups(store, lines, runner);
    },
    // C1 controls would be cut out of text for people; as escapes they are the same JSON.
    render: (line) => harmlessJson(line),
    exit(line) {
      // The line that failed by itself says more than those that went with it.
      if ('error' in line && line.error.code === ROLLED_BACK) return null;
      return line.exit === 0 ? null : kindOf(line.exit);
    },
  });
}

async function* runGroups(
  store: BatchStore,
  lines: ReturnType<typeof inputLines>,
  runner: LineRunner,
): AsyncGenerator<BatchLineOutput> {
  let group: Ran[] = [];
  for await (const { text, more } of lines) {
    // A blank line is no command; what came before it may still have to be answered.
    const isBlank = text.trim() === '';
    if (!isBlank && (await runner.waits(text))) {
      // What came before is answered before the wait, and nobody waits for our lock meanwhile.
      yield* settle(store, group);
      group = [];
      yield (await runner.runAlone(text)).output;
      continue;
    }
    if (!isBlank) group.push(await runner.run(text));
    const full = group.length >= MAX_GROUP_LINES || store.openMs >= MAX_GROUP_MS;
    // Where no group is open, what the line did is certain already.
    if (store.isGrouping && more && !full) continue;
    yield* settle(store, group);
    group = [];
  }
}

async function* runAtomic(
  store: BatchStore,
  lines: ReturnType<typeof inputLines>,
  runner: LineRunner,
): AsyncGenerator<BatchLineOutput> {
  const texts: string[] = [];
  // Everything is read first: nobody is to hold the lock and wait for input.
  for await (const { text } of lines) if (text.trim() !== '') texts.push(text);
  if (texts.length === 0) return;
  const waiting = await Promise.all(texts.map((text) => runner.waits(text)));
  const first = waiting.indexOf(true);
  if (first >= 0) {
    const back = failed(rolledBack(first + 1));
    yield* waiting.map((waits) => (waits ? failed(cannotWait()) : back));
    return;
  }
  try {
    store.open();
  } catch (error) {
    yield* texts.map(() => failed(error));
    return;
  }
  const group: Ran[] = [];
  try {
    for (const text of texts) group.push(await runner.run(text));
  } catch (error) {
    store.rollback();
    throw error;
  }
  if (group.every(({ output }) => output.exit === 0)) {
    yield* settle(store, group);
    return;
  }
  store.rollback();
  const back = failed(rolledBack(group.findIndex(({ output }) => output.exit !== 0) + 1));
  yield* group.map(({ output }) => (output.exit === 0 ? back : output));
}

/** Ends the group: the answers of its lines, now that what they did is durable, or why it is not. */
function settle(store: BatchStore, group: readonly Ran[]): BatchLineOutput[] {
  try {
    store.commit();
  } catch (error) {
    return group.map(({ output, grouped }) => (grouped ? failed(error) : output));
  }
  return group.map(({ output }) => output);
}

function cannotWait(): JitError {
  return usageError("a command that waits for others can't run in batch --atomic", {
    hint: 'The lock would be held while it waits: run it before or after the batch.',
  });
}

function rolledBack(line: number): JitError {
  return new JitError('blocked', ROLLED_BACK, `taken back, because line ${line} failed`, {
    hint: 'Nothing of the batch was kept.',
    details: { line },
  });
}

function kindOf(exit: number): ErrorKind {
  const kinds = Object.keys(EXIT_CODES) as ErrorKind[]; // the keys of that table
  return kinds.find((kind) => EXIT_CODES[kind] === exit) ?? 'bug';
}
