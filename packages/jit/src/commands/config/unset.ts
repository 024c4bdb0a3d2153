import { defineCommand } from '../../cli/define-command.ts';
import { withoutSetting } from '../../domain/config-text.ts';
import { changeConfig } from './_change-file.ts';
import { keyArgument, settingKey, userOption } from './_key.ts';

export const unset = defineCommand({
  path: 'config unset',
  summary: 'take a setting out of the file',
  examples: [
    { argv: 'config unset claim.ttl_secs', does: 'the next source or the default counts' },
  ],
  positionals: [keyArgument],
  options: userOption,
  output: 'SettingChange',
  exits: [
    '2 there is no such setting',
    '4 the file is no valid TOML',
    '5 the file may not be written',
  ],
  run(context, args) {
    const key = settingKey(args.setting);
    return changeConfig(context, args.user, key, null, (text) => withoutSetting(text, key));
  },
  render: ({ key, file, changed }) =>
    changed
      ? `${key} is no longer set in ${file}`
      : `${key} is not set in ${file}: nothing changed`,
});
