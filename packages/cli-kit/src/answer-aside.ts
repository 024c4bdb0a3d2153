import type { Entries } from './command-index.ts';
import type { Example } from './define-command.ts';
import { plainWords } from './flag-table.ts';
import type { OptionSpecs } from './option-spec.ts';

/** What a program can say about itself without running a command. */
export interface ProgramFacts<C> {
  /** What users type: `jit`. */
  readonly name: string;
  readonly version: string;
  readonly commands: Entries<C>;
  readonly globals: OptionSpecs;
  /** Texts for `help TOPIC`, by topic. */
  readonly topics?: Readonly<Record<string, string>>;
  /** One sentence at the top of the help. */
  readonly summary?: string;
  readonly examples?: readonly Example[];
}

/** An answer that needs no context: what `--json` prints, and the text. */
export interface Aside {
  readonly data: Readonly<Record<string, string>>;
  readonly text: string;
}

/** True when argv asks for help. Help wins over everything else. */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  return words.includes('--help') || words.includes('-h');
}

/**
 * Answers `--help`, `help …`, `--version` and an empty argv; undefined for anything else.
 * @param columns width to lay the help out for
 * @throws JitError usage when the help of an unknown command is asked for
 */
export async function answerAside<C>(
  argv: readonly string[],
  facts: ProgramFacts<C>,
  columns: number,
): Promise<Aside | undefined> {
  const [first] = plainWords(argv, facts.globals);
  if (asksForHelp(argv) || argv.length === 0 || first === 'help') {
    const { renderHelp } = await import('./help.ts');
    const text = await renderHelp(argv, facts, columns);
    return { data: { help: text }, text };
  }
  if (first === undefined && argv.includes('--version')) {
    return { data: { version: facts.version }, text: facts.version };
  }
  return undefined;
}
