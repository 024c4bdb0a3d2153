import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { createTokenReader } from './token-reader.ts';

function tokenFile(text: string, mode = 0o600): string {
  const file = join(tempFolder(), 'token');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

test('a token is read from its file, and again once it is forgotten', async () => {
  const file = tokenFile('first\n');
  const reader = createTokenReader({ file }, {});
  expect(await reader.read()).toBe('first');
  writeFileSync(file, 'second\n');
  expect(await reader.read()).toBe('first');
  reader.forget();
  expect(await reader.read()).toBe('second');
});

test.each([0o640, 0o604, 0o660, 0o622])('a file of mode %o is refused', async (mode) => {
  const file = tokenFile('hush', mode);
  await expect(createTokenReader({ file }, {}).read()).rejects.toMatchObject({
    kind: 'permission',
    code: 'FORGE_NO_TOKEN',
    message: `file ${file}, which holds a token, has mode ${mode.toString(8)}`,
    hint: `let only its owner read it: chmod 600 ${file}`,
  });
});

test('a file that is not there is named with the reason', async () => {
  const file = join(tempFolder(), 'none');
  await expect(createTokenReader({ file }, {}).read()).rejects.toMatchObject({
    code: 'FORGE_NO_TOKEN',
    message: `file ${file}, which holds a token, can't be read: ENOENT`,
  });
});

test.each(['', ' \n', 'two words', 'one\r\nx-evil: 1', 'tøken'])(
  '%j is no token, and is not repeated',
  async (text) => {
    const error = await createTokenReader({ file: tokenFile(text) }, {})
      .read()
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'FORGE_NO_TOKEN' });
    if (text.trim() !== '') expect(JSON.stringify(error)).not.toContain(text);
  },
);

test('a variable that is empty is as good as none', async () => {
  const reader = createTokenReader({ env: 'TOKEN' }, { TOKEN: '' });
  await expect(reader.read()).rejects.toMatchObject({
    code: 'FORGE_NO_TOKEN',
    message: 'variable TOKEN, which holds a token, is not set',
  });
});
