import { userInfo } from 'node:os';
import { JitError, usageError } from '@jit/contract/errors';
import type { SettingKey, SettingSource } from '../domain/settings.ts';
import { checkSettingText, LOCK_TIMEOUT_SECS, SETTINGS } from '../domain/settings.ts';
import type { ConfigFile } from './config-file.ts';
import { readConfigFile, valueIn } from './config-file.ts';

/** A setting with its value and where that comes from. */
export interface ResolvedSetting {
  readonly key: SettingKey;
  /** Null: nothing is set and there is no default value. */
  readonly value: string | number | null;
  readonly source: SettingSource;
  /** The flag, variable or file that gives the value; null for a default. */
  readonly from: string | null;
}

/** What settings are resolved from. */
export interface SettingsInput {
  /** What flags of this call say. */
  readonly flags: Readonly<Partial<Record<SettingKey, string | number | undefined>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file of the tracker, or null without one; looked for when first asked for. */
  readonly projectFile: () => string | null;
  /** The file of the user, or null where it is not known where that would be. */
  readonly userFile: () => string | null;
  warn(message: string): void;
}

/** The settings of one call. Files are read when a value is first asked of them. */
export interface Settings {
  /** Errors: CONFIG_INVALID (4), CONFIG_CLOSED (5); for `user.name` also NO_ACTOR (2). */
  resolve(key: SettingKey): ResolvedSetting;
  /** The path of a file, whether it is there or not. Null: there is no such place. */
  path(which: 'project' | 'user'): string | null;
}

/** Flags, then environment, then the tracker's file, then the user's, then the default. */
export function openSettings(input: SettingsInput): Settings {
  const read = new Map<string, ConfigFile>();
  const path = (which: 'project' | 'user') =>
    which === 'project' ? input.projectFile() : input.userFile();
  const fileOf = (which: 'project' | 'user'): ConfigFile | null => {
    const place = path(which);
    if (place === null) return null;
    const file = read.get(place) ?? readConfigFile(place);
    if (!read.has(place)) file.warnings.forEach(input.warn);
    read.set(place, file);
    return file;
  };
  return {
    path,
    resolve(key) {
      const given = input.flags[key];
      if (given !== undefined && given !== '')
        return { key, value: given, source: 'flag', from: SETTINGS[key].flag };
      for (const name of SETTINGS[key].env) {
        const text = input.env[name];
        if (text === undefined || text === '') continue;
        return { key, value: fromEnvironment(key, name, text), source: 'environment', from: name };
      }
      for (const source of ['project', 'user'] as const) {
        const file = fileOf(source);
        const value = file === null ? undefined : valueIn(file, key);
        if (value !== undefined) return { key, value, source, from: file?.path ?? null };
      }
      return { key, value: fallbackOf(key), source: 'default', from: null };
    },
  };
}

function fromEnvironment(key: SettingKey, name: string, text: string): string | number {
  const checked = checkSettingText(key, text);
  if ('value' in checked) return checked.value;
  throw usageError(`${name} ${checked.problem}`, {
    hint: `Set it to another value, or give ${SETTINGS[key].flag}.`,
    details: { variable: name, key },
  });
}

function fallbackOf(key: SettingKey): string | number | null {
  if (key === 'lock.timeout_secs') return LOCK_TIMEOUT_SECS;
  return key === 'user.name' ? loginName() : null;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new JitError('usage', 'NO_ACTOR', 'it is not known who is acting', {
      hint: 'Give --actor NAME, set JIT_ACTOR, or jit config set user.name NAME --user.',
    });
  }
}
