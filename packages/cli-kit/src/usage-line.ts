import type { OptionSpec, OptionSpecs, PositionalSpec } from './option-spec.ts';

/** The part of a command that its usage line shows. */
export interface UsageSource {
  readonly path: string;
  readonly positionals: readonly PositionalSpec[];
  readonly options: OptionSpecs;
}

/** `jit issue create --title TITLE <id> [dependency...] [flags]`, on one line. */
export function usageLine(program: string, command: UsageSource): string {
  const options = Object.entries(command.options);
  const required = options
    .filter(([, spec]) => isRequired(spec))
    .map(([name, spec]) => `--${name} ${placeholderOf(name, spec)}`);
  const words = [program, command.path, ...required, ...command.positionals.map(positionalLabel)];
  if (options.length > required.length) words.push('[flags]');
  return words.join(' ');
}

/** `<id>`, `[id]`, `<id...>` or `[id...]`. */
export function positionalLabel(positional: PositionalSpec): string {
  const label = positional.variadic ? `${positional.name}...` : positional.name;
  return positional.required ? `<${label}>` : `[${label}]`;
}

/** True for an option that must be given. */
export function isRequired(spec: OptionSpec): boolean {
  return spec.type !== 'boolean' && spec.required === true;
}

function placeholderOf(name: string, spec: OptionSpec): string {
  return spec.placeholder ?? name.toUpperCase();
}
