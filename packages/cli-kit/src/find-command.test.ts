import { describe, expect, test } from 'vitest';
import { toyCommands } from '../test/toy-program.ts';
import { findCommand } from './find-command.ts';
import { commonGlobals } from './globals.ts';

const commands = toyCommands();
const find = (...argv: string[]) => findCommand(commands, argv, commonGlobals, 'toy');

describe('a command is found', () => {
  test.each<[string, string[], string, string[]]>([
    ['by its path', ['note', 'add', 'x'], 'note add', ['x']],
    ['by an alias', ['notes', '--json'], 'note list', ['--json']],
    ['with global flags before it', ['--json', 'feed'], 'feed', ['--json']],
    ['with the value of one before it', ['--dir', 'note', 'feed'], 'feed', ['--dir', 'note']],
    ['with global flags inside its path', ['note', '--dir=x', 'list'], 'note list', ['--dir=x']],
    ['and its own flags are left alone', ['feed', '--dir', '--x'], 'feed', ['--dir', '--x']],
    ['and words of other paths are arguments', ['fail', 'note'], 'fail', ['note']],
    ['when hidden', ['wait'], 'wait', []],
  ])('%s', async (_, argv, path, rest) => {
    const found = await find(...argv);
    expect(found.entry.path).toBe(path);
    expect(found.rest).toEqual(rest);
  });
});

describe('refused is', () => {
  test.each<[string, string[], string, string]>([
    ['an unknown word', ['zzz'], "unknown command 'zzz'", "see 'toy --help'"],
    ['a misspelt group', ['noet', 'add'], "unknown command 'noet'", "did you mean 'toy note add'?"],
    [
      'a misspelt verb',
      ['note', 'shwo'],
      "unknown command 'note shwo'",
      "did you mean 'toy note show'?",
    ],
    [
      'a verb without its group',
      ['add', 'x'],
      "unknown command 'add'",
      "did you mean 'toy note add'?",
    ],
    ['an abbreviation', ['not', 'add'], "unknown command 'not'", "did you mean 'toy note add'?"],
    ['a hidden command as suggestion', ['wiat'], "unknown command 'wiat'", "see 'toy --help'"],
    [
      'a path in one word',
      ['note add'],
      "unknown command 'note add'",
      "did you mean 'toy note add'?",
    ],
    ['an empty word', [''], "unknown command ''", "see 'toy --help'"],
    ['a far-off verb', ['note', 'zzz'], "unknown command 'note zzz'", "see 'toy note --help'"],
    [
      'a group alone',
      ['note'],
      "'toy note' needs a command",
      "one of add, list, show; see 'toy note --help'",
    ],
    [
      'a flag of a command before it',
      ['--loud', 'note', 'add'],
      "flag '--loud' stands before the command",
      'put it after the command',
    ],
    ['nothing but flags', ['--json'], 'no command is given', "see 'toy --help'"],
    ['a command after --', ['--', 'feed'], 'no command is given', "see 'toy --help'"],
  ])('%s', async (_, argv, message, hint) => {
    await expect(find(...argv)).rejects.toMatchObject({ kind: 'usage', message, hint });
  });

  test('an unknown word with the accepted ones in the details', async () => {
    await expect(find('note', 'x')).rejects.toMatchObject({
      details: { command: 'note x', accepted: ['add', 'list', 'show'] },
    });
  });
});
