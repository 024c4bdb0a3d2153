interface OptionBase {
  /** One letter, used as `-x`. */
  readonly alias?: string;
  /** One sentence for the help, without a full stop. */
  readonly describe: string;
  /** Stands for the value in usage lines; by default the name in capitals. */
  readonly placeholder?: string;
}

/** A single value, taken as it is: never guessed to be a number. */
export interface StringOption extends OptionBase {
  readonly type: 'string';
  readonly choices?: readonly string[];
  readonly required?: boolean;
  readonly default?: string;
  readonly allowEmpty?: boolean;
}

/** A decimal number; anything else, `NaN` and infinities included, is refused. */
export interface NumberOption extends OptionBase {
  readonly type: 'number';
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly required?: boolean;
  readonly default?: number;
}

/** `--flag`, `--flag=true` or `--flag=false`; false when absent. There is no `--no-flag`. */
export interface BooleanOption extends OptionBase {
  readonly type: 'boolean';
}

/** Repeatable; with `split` one value may also hold several elements. Empty when absent. */
export interface ListOption extends OptionBase {
  readonly type: 'list';
  readonly split?: ',';
  /** One empty value says that it has no elements, where leaving it out says nothing. */
  readonly allowEmpty?: boolean;
  readonly choices?: readonly string[];
  readonly required?: boolean;
}

/** Long text: `--x TEXT` or `--x-file PATH`, where `-` is stdin. Contents are kept byte for byte. */
export interface TextOption extends OptionBase {
  readonly type: 'text';
  readonly required?: boolean;
  readonly allowEmpty?: boolean;
}

/** The contents of a file: `--x PATH`, where `-` is stdin. Never empty. */
export interface FileOption extends OptionBase {
  readonly type: 'file';
  readonly required?: boolean;
}

/** One option of a command. The key it is declared under is its long name in kebab-case. */
export type OptionSpec =
  | StringOption
  | NumberOption
  | BooleanOption
  | ListOption
  | TextOption
  | FileOption;

/** The options of a command by long name, without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** One argument without a flag. Only the last may be variadic. Empty values are refused. */
export interface PositionalSpec {
  readonly name: string;
  readonly describe: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
  readonly choices?: readonly string[];
}

/** What a parsed option or positional can hold. */
export type ArgValue = string | number | boolean | readonly string[] | undefined;

/** Parsed arguments by camelCased name, when the command is not known statically. */
export type Args = Readonly<Record<string, ArgValue>>;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type ChoiceOf<S> = S extends { choices: readonly (infer C extends string)[] } ? C : string;

type MaybeAbsent<S, V> = S extends { required: true } | { default: string | number }
  ? V
  : V | undefined;

type OptionValue<S> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'list' }
    ? readonly ChoiceOf<S>[]
    : S extends { type: 'number' }
      ? MaybeAbsent<S, number>
      : MaybeAbsent<S, ChoiceOf<S>>;

type PositionalValue<S> = S extends { variadic: true }
  ? readonly ChoiceOf<S>[]
  : MaybeAbsent<S, ChoiceOf<S>>;

/** The values of declared options: camelCased keys, choices as a union. */
export type InferredOptions<O> = {
  readonly [K in keyof O & string as CamelCase<K>]: OptionValue<O[K]>;
};

/** The arguments a command's `run` gets: its options and its positionals by name. */
export type InferredArgs<O, P extends readonly PositionalSpec[]> = InferredOptions<O> & {
  readonly [S in P[number] as CamelCase<S['name']>]: PositionalValue<S>;
};

/** `defer-until` → `deferUntil`: the name under which a command gets its value. */
export function argName(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
