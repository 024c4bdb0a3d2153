import { JitError } from '@jit/contract/errors';
import { lineOfKey, saysNothing } from '../domain/config-text.ts';
import type { SettingKey } from '../domain/settings.ts';
import { checkSetting, isSettingKey, nearestKey, SETTING_KEYS } from '../domain/settings.ts';
import { readBytes, replaceFile } from './replace-file.ts';
import { parseToml } from './toml.ts';

/** A configuration file as it was read. */
export interface ConfigFile {
  readonly path: string;
  /** Null where there is no such file. */
  readonly text: string | null;
  readonly values: ReadonlyMap<SettingKey, unknown>;
  /** What stands in it and is not known, each with its place and the nearest known key. */
  readonly warnings: readonly string[];
}

/** The schema number of `config.toml`. */
const CONFIG_SCHEMA = 1;

/** Reads a configuration file; one that is not there is empty. Errors: CONFIG_INVALID (4) with file and line, CONFIG_CLOSED (5). */
export function readConfigFile(path: string): ConfigFile {
  const text = readConfigText(path);
  if (text === null || saysNothing(text)) return { path, text, values: new Map(), warnings: [] };
  return { path, text, ...parseConfig(path, text) };
}

/** The values and the unknown keys in the text of a configuration. Errors: CONFIG_INVALID (4). */
export function parseConfig(
  path: string,
  text: string,
): { values: ReadonlyMap<SettingKey, unknown>; warnings: readonly string[] } {
  const parsed = parseToml(text);
  if ('problem' in parsed) {
    const { line, message } = parsed.problem;
    throw invalidConfig(path, line, null, `no valid TOML: ${message}`);
  }
  const { schema, ...rest } = parsed.document;
  if (typeof schema === 'number' && schema > CONFIG_SCHEMA) {
    const problem = `its schema ${schema} is newer than this program: use a newer jit`;
    throw invalidConfig(path, lineOfKey(text, 'schema'), 'schema', problem);
  }
  const values = new Map<SettingKey, unknown>();
  const warnings: string[] = [];
  for (const [key, value] of leaves(rest)) {
    if (isSettingKey(key)) values.set(key, value);
    else warnings.push(`${placeOf(path, lineOfKey(text, key))}: ${unknownKey(key)}`);
  }
  return { values, warnings };
}

/** The value of a setting in a file, checked; undefined where the file has none. Errors: CONFIG_INVALID (4). */
export function valueIn(file: ConfigFile, key: SettingKey): string | number | undefined {
  if (!file.values.has(key)) return undefined;
  const checked = checkSetting(key, file.values.get(key));
  if ('value' in checked) return checked.value;
  const line = lineOfKey(file.text ?? '', key);
  throw invalidConfig(file.path, line, key, `${key} ${checked.problem}`);
}

/** Why a configuration file, or a value in it, can't be used, with file and line; empty where all can. */
export function configProblems(path: string): readonly string[] {
  const problemOf = (read: () => unknown): readonly string[] => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof JitError) return [error.message];
      throw error;
    }
  };
  const whole = problemOf(() => readConfigFile(path));
  if (whole.length > 0) return whole;
  const file = readConfigFile(path);
  return SETTING_KEYS.flatMap((key) => problemOf(() => valueIn(file, key)));
}

/**
 * Replaces a configuration file in one step. `before` is the text the new one was made from: a file
 * that somebody else changed meanwhile is not overwritten. Errors: CONFIG_CHANGED (6), CONFIG_CLOSED (5).
 */
export function writeConfigFile(path: string, before: string | null, after: string): void {
  try {
    const was = before === null ? null : Buffer.from(before, 'utf8');
    if (replaceFile(path, was, Buffer.from(after, 'utf8'))) return;
  } catch (error) {
    throw closed(path, 'written', error);
  }
  throw new JitError(
    'conflict',
    'CONFIG_CHANGED',
    `nothing was changed: ${path} was changed meanwhile`,
    {
      hint: 'Try again.',
      retryable: true,
      details: { file: path },
    },
  );
}

function* leaves(
  table: Readonly<Record<string, unknown>>,
  before = '',
): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(table)) {
    const key = `${before}${name}`;
    const isTable =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      !(value instanceof Date);
    if (isTable && !isSettingKey(key))
      yield* leaves(value as Readonly<Record<string, unknown>>, `${key}.`); // a TOML table, checked above
    else yield [key, value];
  }
}

function unknownKey(key: string): string {
  const nearest = nearestKey(key);
  const known =
    nearest === null ? `the keys are ${SETTING_KEYS.join(', ')}` : `did you mean '${nearest}'?`;
  return `unknown key '${key}' is passed over; ${known}`;
}

/** The text of a configuration file, or null where there is none. Errors: CONFIG_CLOSED (5). */
export function readConfigText(path: string): string | null {
  try {
    return readBytes(path)?.toString('utf8') ?? null;
  } catch (error) {
    throw closed(path, 'read', error);
  }
}

function closed(path: string, what: string, cause: unknown): JitError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new JitError('permission', 'CONFIG_CLOSED', `${path} can't be ${what}: ${why}`, {
    hint: 'Look at the rights of the file and its folder.',
    details: { file: path },
    cause,
  });
}

function placeOf(path: string, line: number | null): string {
  return line === null ? path : `${path}:${line}`;
}

function invalidConfig(
  file: string,
  line: number | null,
  key: string | null,
  problem: string,
): JitError {
  return new JitError('invalid', 'CONFIG_INVALID', `${placeOf(file, line)}: ${problem}`, {
    hint:
      key === null || key === 'schema'
        ? 'Mend the file by hand.'
        : `Mend the file, or give a value: jit config set ${key} VALUE`,
    details: { file, line, key, problem },
  });
}
