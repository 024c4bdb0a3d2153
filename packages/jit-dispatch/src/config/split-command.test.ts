import { expect, test } from 'vitest';
import { CommandProblem, splitCommand } from './split-command.ts';

test.each([
  ['ci-agent', ['ci-agent']],
  ['  agent  --issue   {issue_id} ', ['agent', '--issue', '{issue_id}']],
  [`agent "two words" 'and $HOME "too"'`, ['agent', 'two words', 'and $HOME "too"']],
  [`a"b c"d`, ['ab cd']],
  [`agent "" x`, ['agent', '', 'x']],
  [`agent a\\ b "\\"q\\"" '\\'`, ['agent', 'a b', '"q"', '\\']],
  ['agent $HOME *.txt ~', ['agent', '$HOME', '*.txt', '~']],
  [`agent "|" \\;`, ['agent', '|', ';']],
])('%s', (text, argv) => {
  expect(splitCommand(text)).toEqual(argv);
});

test.each([
  ['agent "open', 'a quote (") is not closed'],
  ['agent \\', 'it ends with a lone backslash'],
  ['agent | tee log', '"|" needs a shell'],
  ['agent && other', '"&&" needs a shell'],
  ['agent 2>&1', '"2>&1" needs a shell'],
  ['agent > log', '">" needs a shell'],
])('%s is refused', (text, message) => {
  expect(() => splitCommand(text)).toThrow(CommandProblem);
  expect(() => splitCommand(text)).toThrow(message);
});
