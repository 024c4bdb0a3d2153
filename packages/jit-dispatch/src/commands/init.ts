import type { ConfigWrittenOutput } from '@jit/contract/outputs/dispatch-setup';
import { defineCommand } from '../context.ts';

export const init = defineCommand({
  path: 'init',
  summary: 'Write a first dispatch.toml',
  description:
    'Writes a small configuration with comments for what it finds: the repository of jit, and agent programs on PATH. A file that is there stays as it is.',
  examples: [
    { argv: 'init', does: 'writes ./dispatch.toml' },
    { argv: 'init --config ops/dispatch.toml', does: 'writes it there' },
  ],
  output: 'ConfigWritten',
  exits: [
    '5 the file can not be written',
    '6 CONFIG_EXISTS: there is one already, and nothing was changed',
  ],
  run: ({ dispatcher }): Promise<ConfigWrittenOutput> => dispatcher.init(),
  render: ({ file, repository, found, next }) =>
    [
      `wrote ${file}`,
      repository === null
        ? 'no repository of jit was found from here'
        : `repository  ${repository}`,
      `agents      ${found.length === 0 ? 'none of those known are on PATH' : found.join(', ')}`,
      'next:',
      ...next.map((each) => `  ${each}`),
    ].join('\n'),
});
