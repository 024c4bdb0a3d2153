import { JitError, usageError } from '@jit/contract/errors';
import type { SettingChangeOutput } from '@jit/contract/outputs/config';
import type { JitContext } from '../../context.ts';
import type { SettingKey } from '../../domain/settings.ts';
import { parseConfig, readConfigText, writeConfigFile } from '../../platform/config-file.ts';

/** Changes the text of a configuration file. What `edit` makes of it is parsed before it is stored. */
export function changeConfig(
  context: JitContext,
  user: boolean,
  key: SettingKey,
  wanted: string | number | null,
  edit: (text: string) => string,
): SettingChangeOutput {
  const file = fileOf(context, user);
  const before = readConfigText(file);
  const text = before ?? '';
  const had = parseConfig(file, text).values;
  const isSo = wanted === null ? !had.has(key) : had.get(key) === wanted;
  if (isSo) return { key, value: wanted, file, changed: false };
  const after = edit(text);
  if (!isWhatWasAsked(file, after, key, wanted, had)) {
    throw new JitError(
      'invalid',
      'CONFIG_LAYOUT',
      `nothing was changed: ${file} is written in a way that can't be changed line by line`,
      {
        hint: `Edit it by hand: ${key} is a key of the table [${key.split('.')[0]}].`,
        details: { file, key },
      },
    );
  }
  writeConfigFile(file, before, after);
  return { key, value: wanted, file, changed: true };
}

/** True if the new text says the wanted value, and of all other settings what it said before. */
function isWhatWasAsked(
  file: string,
  after: string,
  key: SettingKey,
  wanted: string | number | null,
  had: ReadonlyMap<SettingKey, unknown>,
): boolean {
  let now: ReadonlyMap<SettingKey, unknown>;
  try {
    now = parseConfig(file, after).values;
  } catch (error) {
    if (error instanceof JitError) return false;
    throw error;
  }
  const others = [...had.keys(), ...now.keys()].filter((other) => other !== key);
  const isRight = wanted === null ? !now.has(key) : now.get(key) === wanted;
  return isRight && others.every((other) => now.get(other) === had.get(other));
}

function fileOf(context: JitContext, user: boolean): string {
  // Without a tracker this says where one was looked for.
  if (!user) return context.settings.path('project') ?? context.where.dir;
  const path = context.settings.path('user');
  if (path !== null) return path;
  throw usageError('it is not known where the configuration of the user is', {
    hint: 'Set HOME or XDG_CONFIG_HOME to an absolute path.',
  });
}
