import { checkGiven, type LoadedConfig, loadConfig, parseConfig } from './load.ts';

/** Where a configuration comes from. */
export interface ConfigSource {
  /** The file, or where it would lie: relative paths start in its folder. */
  readonly file: string;
  /** The keys that a program gave instead of a file; null: the file is read. */
  readonly given: Readonly<Record<string, unknown>> | null;
  /** The tables of agents that a program registered, so far. */
  agents(): readonly object[];
}

/** A configuration that is only in its file. */
export function fromFile(file: string): ConfigSource {
  return { file, given: null, agents: () => [] };
}

/**
 * Reads a configuration.
 * @param text of its file, where that was read already
 * @throws JitError `CONFIG_NOT_FOUND` (exit 3), `CONFIG_INVALID` (exit 4)
 */
export function readConfig(
  { file, given, agents }: ConfigSource,
  text?: string,
): Promise<LoadedConfig> {
  const extras = { agents: agents() };
  if (given !== null) return checkGiven(file, given, extras);
  return text === undefined ? loadConfig(file, extras) : parseConfig(file, text, extras);
}
