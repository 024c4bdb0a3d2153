import type { ErrorKind } from '@jit/contract/errors';
import type { Args, InferredArgs, OptionSpec, OptionSpecs, PositionalSpec } from './option-spec.ts';
import type { Style } from './style.ts';

export type { OptionSpec, OptionSpecs, PositionalSpec } from './option-spec.ts';

/** An example for the help: what to type after the program's name, and what it does. */
export interface Example {
  readonly argv: string;
  readonly does: string;
}

/** What is printed at a time: an item of a stream, else the whole answer. */
export type ItemOf<D> = D extends AsyncIterable<infer Item> ? Item : D;

/**
 * A command. `C` is the context of the program, `A` its parsed arguments, `D` its answer.
 * `run` returns data and never prints; `render` sees the same data that `--json` shows.
 */
export interface Command<C, A = Args, D = unknown> {
  /** The words that call it: `issue create`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly examples: readonly Example[];
  readonly positionals: readonly PositionalSpec[];
  readonly options: OptionSpecs;
  /** The name of the JSON schema of the answer. */
  readonly output: string;
  /** What its exit codes mean, for the help: `6 claimed by another`. */
  readonly exits?: readonly string[];
  /**
   * `lines`: `run` returns an AsyncIterable; every item is printed at once, as one line.
   * `lines-if-iterable`: it depends on the arguments whether it does, or returns one answer.
   */
  readonly stream?: 'lines' | 'lines-if-iterable';
  /** On a terminal each text of a stream takes the place of the one before. */
  readonly redraws?: boolean;
  /**
   * Whether a call with these words, global flags aside, waits for other programs or people. A batch
   * runs it on its own and holds no lock meanwhile.
   */
  readonly waits?: (words: readonly string[]) => boolean;
  run(context: C, args: A): D | Promise<D>;
  render(data: ItemOf<D>, style: Style): string | Promise<string>;
  /** For a valid answer that is still a failure: the kind that decides the exit code, else null. */
  exit?(data: ItemOf<D>): ErrorKind | null;
}

/** One line of a program's list of commands; the command itself is loaded when it is called. */
export interface CommandIndexEntry<C> {
  readonly path: string;
  readonly summary: string;
  /** Heading in the help of the program. */
  readonly group?: string;
  /** Other full paths: `ready` for `query ready`. */
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  load(): Promise<Command<C>>;
}

/** A command as it is written: options and positionals may be left out when there are none. */
export interface CommandDefinition<C, O, P extends readonly PositionalSpec[], D>
  extends Omit<Command<C, InferredArgs<O, P>, D>, 'options' | 'positionals'> {
  readonly options?: O;
  readonly positionals?: P;
}

/** Turns a definition into a command; types of arguments and answer are inferred from it. */
export type DefineCommand<C> = <
  const O extends Readonly<Record<string, OptionSpec>> = Record<never, OptionSpec>,
  const P extends readonly PositionalSpec[] = readonly [],
  D = unknown,
>(
  definition: CommandDefinition<C, O, P, D>,
) => Command<C, InferredArgs<O, P>, D>;

/**
 * Gives a program its `defineCommand`, bound to its context type:
 * `export const defineCommand = commandFor<JitContext>()`.
 */
export function commandFor<C>(): DefineCommand<C> {
  return (definition) => ({
    ...definition,
    options: definition.options ?? {},
    positionals: definition.positionals ?? [],
  });
}
