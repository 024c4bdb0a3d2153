import type { Style } from '@jit/cli-kit/style';
import type { ConfigCheckOutput } from '@jit/contract/outputs/dispatch-setup';
import { defineCommand } from '../context.ts';

export const checkConfig = defineCommand({
  path: 'check-config',
  summary: 'Tell what is wrong with the configuration',
  description: 'Reads dispatch.toml, or what --config names, and starts nothing.',
  examples: [
    { argv: 'check-config', does: 'every problem with its line and key' },
    { argv: 'check-config --effective --json', does: 'every key with the value in effect' },
  ],
  options: {
    effective: { type: 'boolean', describe: 'show every key with its value, defaults included' },
  },
  output: 'ConfigCheck',
  exits: ['3 there is no such file', '4 the configuration is refused'],
  run: ({ dispatcher }, args): Promise<ConfigCheckOutput> => dispatcher.checkConfig(args),
  render: renderCheck,
  exit: ({ ok }) => (ok ? null : 'invalid'),
});

function renderCheck(
  { file, ok, problems, warnings, effective }: ConfigCheckOutput,
  style: Style,
): string {
  const say = ({ line, key, message }: ConfigCheckOutput['problems'][number]): string =>
    `${file}${line === null ? '' : `:${line}`}: ${key ? `${key}: ` : ''}${message}`;
  return [
    ...problems.map((each) => style.red(say(each))),
    ...(ok ? [] : warnings.map((each) => style.yellow(say(each)))),
    ok
      ? `${file} is good${warnings.length === 0 ? '' : `; warnings: ${warnings.length}`}`
      : `${problems.length} to correct`,
    ...(effective === null ? [] : flatten(effective)),
  ].join('\n');
}

function flatten(value: unknown, key = ''): string[] {
  if (Array.isArray(value) && value.some((each) => typeof each === 'object'))
    return value.flatMap((each, index) => flatten(each, `${key}[${index}]`));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${key} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, each]) =>
    flatten(each, key === '' ? name : `${key}.${name}`),
  );
}
