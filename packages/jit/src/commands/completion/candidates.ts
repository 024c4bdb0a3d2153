import { type Candidate, expectedAt } from '@jit/cli-kit/complete';
import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import { commonGlobals } from '@jit/cli-kit/globals';
import type { CandidateOutput } from '@jit/contract/outputs/completion';
import { defineCommand } from '../../cli/define-command.ts';
import type { JitContext } from '../../context.ts';
import { onOneLine } from '../../domain/plain-text.ts';
import { SHELLS, type Shell } from './_scripts.ts';
import { valuesOf } from './_values.ts';

/** The shell that asked: for the text form only, because JSON leaves symbols out. */
const SHELL: unique symbol = Symbol('shell');

type Answer = CandidateOutput[] & { [SHELL]?: Shell };

/** Makes the hidden command that completion scripts call, given the commands. It never fails. */
export function candidatesOf(commands: readonly CommandIndexEntry<JitContext>[]) {
  return defineCommand({
    path: '__complete',
    summary: 'what a shell can offer at the cursor',
    description:
      'Every word has a colon before it; the last one is that at the cursor. What goes wrong is kept silent: a shell has no place for it.',
    examples: [{ argv: '__complete bash :issue :show :7k', does: 'the ids that begin with 7k' }],
    positionals: [
      { name: 'shell', required: true, choices: SHELLS, describe: 'who asks' },
      { name: 'words', variadic: true, describe: 'the words, each with a colon before it' },
    ],
    output: 'Candidate[]',
    async run(context, { shell, words }): Promise<Answer> {
      let found: readonly Candidate[] = [];
      try {
        const typed = words.map((word) => word.replace(/^:/, ''));
        found = await candidates(context, commands, typed.slice(0, -1), typed.at(-1) ?? '');
      } catch {
        // A broken tracker, or none: there is nothing to offer.
      }
      return Object.assign([...found], { [SHELL]: shell });
    },
    render: (answer: Answer) => answer.map((each) => line(each, answer[SHELL])).join('\n'),
  });
}

async function candidates(
  context: JitContext,
  commands: readonly CommandIndexEntry<JitContext>[],
  words: readonly string[],
  current: string,
): Promise<readonly Candidate[]> {
  const expected = await expectedAt(commands, words, current, commonGlobals);
  const { value, before, typed, given } = expected;
  const known = value === null ? [] : await fromTracker(context, value, typed, given.get('dir'));
  return [...expected.candidates, ...known]
    .filter((each) => each.value.startsWith(typed) && !/\p{Cc}/u.test(each.value))
    .map((each) => ({ value: before + each.value, describe: onOneLine(each.describe) }));
}

async function fromTracker(
  context: JitContext,
  value: { readonly command: string; readonly name: string },
  typed: string,
  dir: string | undefined,
): Promise<readonly Candidate[]> {
  const there = dir === undefined ? context : context.with({ dir });
  try {
    return there.store.read((tx) => valuesOf(tx, value, typed));
  } finally {
    if (there !== context) await there.close();
  }
}

/** A candidate as the shell that asked wants it. */
function line({ value, describe }: CandidateOutput, asking: Shell | undefined): string {
  if (asking === 'fish') return describe === '' ? value : `${value}\t${describe}`;
  if (asking !== 'zsh') return value;
  const escaped = value.replace(/[\\:]/g, '\\$&');
  return describe === '' ? escaped : `${escaped}:${describe}`;
}
