import { expect, test } from 'vitest';
import { toyProgram } from '../test/toy-program.ts';
import { renderHelp } from './help.ts';

const help = (line: string, columns = 80) => renderHelp(line.split(' '), toyProgram(), columns);

test('the help of the program lists its commands by group', async () => {
  expect(`\n${await help('help')}`).toMatchInlineSnapshot(`
    "
    usage: toy <command> [flags]

    Keeps notes.

    Notes:
      toy note add   Add a note
      toy note list  List the notes
      toy note show  Show notes

    Commands:
      toy feed  Print lines as they come
      toy fail  Go wrong
      toy big   Print much

    Global flags:
          --json          print exactly one JSON document on stdout        [boolean]
          --color         colour the output, also in a pipe                [boolean]
          --no-color      never colour the output                          [boolean]
          --dir           the data folder itself, or its parent             [string]
          --actor         who is acting                                     [string]
          --lock-timeout  give up waiting for the lock after SECS seconds   [number]
      -h, --help          show this help                                   [boolean]

    toy <command> --help tells more about a command.
    Topics: toy help exit-codes"
  `);
});

test('the help of a group lists its commands', async () => {
  expect(`\n${await help('help note')}`).toMatchInlineSnapshot(`
    "
    usage: toy note <command> [flags]

    Commands:
      toy note add   Add a note
      toy note list  List the notes
      toy note show  Show notes

    Global flags:
          --json          print exactly one JSON document on stdout        [boolean]
          --color         colour the output, also in a pipe                [boolean]
          --no-color      never colour the output                          [boolean]
          --dir           the data folder itself, or its parent             [string]
          --actor         who is acting                                     [string]
          --lock-timeout  give up waiting for the lock after SECS seconds   [number]
      -h, --help          show this help                                   [boolean]"
  `);
});

test('the help of a command tells all about it', async () => {
  expect(`\n${await help('help note add', 100)}`).toMatchInlineSnapshot(`
    "
    usage: toy note add <title> [flags]

    Add a note

    Arguments:
      title  what it is about

    Flags:
      -p, --priority     how urgent it is; low, normal, high                [string] [default: "normal"]
          --due-date     when it is due                                                         [string]
          --memo         anything                                                               [string]
          --copies       how many                                                               [number]
          --weight       how heavy                                                              [number]
          --loud         shout                                                                 [boolean]
          --tag          tags; repeatable or comma-separated                                     [array]
          --link         links; repeatable                                                       [array]
      -b, --body         the text                                                               [string]
          --body-file    read --body from a file, - is stdin                                    [string]
          --footer       below the text                                                         [string]
          --footer-file  read --footer from a file, - is stdin                                  [string]

    Global flags:
          --json          print exactly one JSON document on stdout                            [boolean]
          --color         colour the output, also in a pipe                                    [boolean]
          --no-color      never colour the output                                              [boolean]
          --dir           the data folder itself, or its parent                                 [string]
          --actor         who is acting                                                         [string]
          --lock-timeout  give up waiting for the lock after SECS seconds                       [number]
      -h, --help          show this help                                                       [boolean]

    Examples:
      toy note add 'Buy milk' --priority high  adds a note

    Output with --json: note

    Exit codes:
      6 a note of this title exists"
  `);
});

test.each(['help', 'help note', 'help note add', 'help note show'])(
  '%s has no escapes, fits and is the same twice',
  async (line) => {
    const text = await help(line);
    expect(text).not.toContain('\u001b');
    for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(80);
    expect(await help(line)).toBe(text);
  },
);
