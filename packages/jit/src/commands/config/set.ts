import { usageError } from '@jit/contract/errors';
import { defineCommand } from '../../cli/define-command.ts';
import { withSetting } from '../../domain/config-text.ts';
import { checkSettingText, SETTINGS } from '../../domain/settings.ts';
import { tomlText } from '../../platform/toml.ts';
import { changeConfig } from './_change-file.ts';
import { keyArgument, settingKey, userOption } from './_key.ts';

export const set = defineCommand({
  path: 'config set',
  summary: 'give a setting a value',
  description: 'Changes one line of the file; comments and everything else in it stay.',
  examples: [
    { argv: 'config set claim.ttl_secs 900', does: 'claims of this tracker last 15 minutes' },
    { argv: 'config set user.name ana --user', does: 'who you are, in all trackers' },
  ],
  positionals: [keyArgument, { name: 'value', required: true, describe: 'the new value' }],
  options: {
    ...userOption,
    project: {
      type: 'boolean',
      describe: "in the tracker's configuration, for everybody; so unless --user is given",
    },
  },
  output: 'SettingChange',
  exits: [
    '2 there is no such setting, or the value does not fit',
    '4 the file is no valid TOML',
    '5 the file may not be written',
    '6 CONFIG_CHANGED: somebody else changed the file meanwhile',
  ],
  run(context, args) {
    const key = settingKey(args.setting);
    const checked = checkSettingText(key, args.value);
    if ('problem' in checked)
      throw usageError(`${key} ${checked.problem}`, { details: { key, value: args.value } });
    if (args.user && args.project) throw usageError('--user and --project exclude each other');
    if (SETTINGS[key].personal && !args.user && !args.project) {
      throw usageError(`${key} is about one person: say whose configuration is meant`, {
        hint: `jit config set ${key} … --user sets yours; --project would count for everybody who uses this tracker.`,
      });
    }
    const { value } = checked;
    const toml = typeof value === 'string' ? tomlText(value) : String(value);
    return changeConfig(context, args.user, key, value, (text) => withSetting(text, key, toml));
  },
  render: ({ key, value, file, changed }) =>
    changed ? `${key} = ${value} in ${file}` : `${key} is ${value} already: nothing changed`,
});
