import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, test } from 'vitest';

const TEXTS = [
  ['backticks, $() and quotes', '`rm -rf x` $(id) $HOME "a" \'b\' \\n !! %s & | ; <\n'],
  ['CRLF and lone CR', 'one\r\ntwo\rthree\r\n'],
  ['no final newline', 'last line'],
  ['blank lines at both ends', '\n\n  text  \n\n'],
  ['a byte order mark', '\ufeffwith a mark\n'],
  ['characters outside the basic plane', '牛乳 🥛 \u2028 \u0000 end\n'],
  ['1 MB', `${'0123456789abcdef `x` $(y)\r\n'.repeat(40_000)}end`],
] as const;

describe.each(TEXTS)('a text with %s', (_, text) => {
  test('is kept byte for byte from stdin and from a file', async () => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd });
    const made = await jitJson<{ id: string; description: string }>(
      ['issue', 'create', 'x', '--description-file', '-'],
      { cwd, stdin: text },
    );
    expect(made.description === text).toBe(true);
    const shown = await jitJson<{ description: string }>(['issue', 'show', made.id], { cwd });
    expect(shown.description === text).toBe(true);
    writeFileSync(join(cwd, 'text'), text);
    const again = ['issue', 'update', made.id, '--description-file', 'text'];
    expect(await jitJson(again, { cwd })).toMatchObject({ changed: false });
    const comment = ['issue', 'comment', made.id, '--text-file', 'text'];
    expect((await jitJson<{ text: string }>(comment, { cwd })).text === text).toBe(true);
  });
});
