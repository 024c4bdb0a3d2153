import { defineCommand } from '../../cli/define-command.ts';
import { SCRIPTS, SHELLS } from './_scripts.ts';

export const completion = defineCommand({
  path: 'completion',
  summary: 'the script that lets a shell complete commands, ids and labels',
  description:
    'Completes commands, flags and their values, and from the tracker of the current folder ids (zsh and fish show the titles), gates, labels and assignees. It needs no tracker.',
  examples: [
    { argv: 'completion bash', does: `in ~/.bashrc: eval "$(jit completion bash)"` },
    { argv: 'completion zsh', does: `in ~/.zshrc, after compinit: eval "$(jit completion zsh)"` },
    { argv: 'completion fish', does: 'in config.fish: jit completion fish | source' },
  ],
  positionals: [{ name: 'shell', required: true, choices: SHELLS, describe: 'the shell' }],
  output: 'CompletionScript',
  exits: ['2 there is no script for this shell'],
  run: (_context, { shell }) => ({ name: shell, script: SCRIPTS[shell] }),
  render: ({ script }) => script,
});
