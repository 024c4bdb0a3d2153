import type { ProgramFacts } from './answer-aside.ts';
import type { Io } from './io.ts';
import type { InferredOptions, OptionSpecs } from './option-spec.ts';

/** What the kit lends to a context. */
export interface ContextTools {
  /** Adds a line to stderr, printed after the answer. */
  warn(message: string): void;
}

/** A program and one call of it. `C` is its context, see also `Lifecycle`. */
export interface CliOptions<C, G extends OptionSpecs> extends ProgramFacts<C> {
  /** Global options; the kit's own (`outputGlobals`) are added. */
  readonly globals: G;
  readonly argv: readonly string[];
  readonly io: Io;
  /** Rejects to end the command early; the reason is reported like any error. */
  readonly interrupted?: Promise<never>;
  /** Makes what commands run with. Not called for help, `--version` and argv that is refused. */
  createContext(globals: InferredOptions<G>, io: Io, tools: ContextTools): C | Promise<C>;
  /** Told when the context exists. */
  onContext?(context: C): void;
}
