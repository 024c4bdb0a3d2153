import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryIo } from './io.ts';
import { readTexts } from './read-text.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-text-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (path: string, allowEmpty = false) => ({
  flag: '--body-file',
  arg: 'body',
  path,
  allowEmpty,
});

const difficult = '\ufeff`a` $(b) <c> !d\r\n\te\u0000 牛乳 👍🏽 no newline';

test('a file is kept byte for byte', async () => {
  const path = join(folder, 'body');
  writeFileSync(path, difficult);
  expect(await readTexts([file(path)], undefined)).toEqual({ body: difficult });
});

test('stdin is kept byte for byte, also across chunks that cut a character', async () => {
  const bytes = new TextEncoder().encode(difficult.repeat(10_000));
  const input = {
    stdinIsTty: false,
    async *stdin() {
      for (let at = 0; at < bytes.length; at += 4099) yield bytes.subarray(at, at + 4099);
    },
  };
  const { body } = await readTexts([file('-')], input);
  expect(body === difficult.repeat(10_000)).toBe(true);
});

test('an empty file is taken where empty text is allowed', async () => {
  expect(await readTexts([file('-', true)], memoryIo())).toEqual({ body: '' });
});

test('invalid UTF-8 is refused', async () => {
  const input = memoryIo({ stdin: Uint8Array.of(0x61, 0xff) });
  await expect(readTexts([file('-')], input)).rejects.toMatchObject({
    kind: 'usage',
    message: '--body-file - is not valid UTF-8',
  });
});

test('an empty text is refused', async () => {
  await expect(readTexts([file('-')], memoryIo())).rejects.toThrow('--body-file - is empty');
});

test('a missing file and a folder are refused', async () => {
  const path = join(folder, 'missing');
  await expect(readTexts([file(path)], undefined)).rejects.toThrow('cannot be read: ENOENT');
  await expect(readTexts([file(folder)], undefined)).rejects.toMatchObject({ kind: 'usage' });
});

test('stdin is refused where it is a terminal, where it is taken, and twice', async () => {
  const terminal = memoryIo({ stdinIsTty: true });
  await expect(readTexts([file('-')], terminal)).rejects.toThrow('stdin is a terminal');
  await expect(readTexts([file('-')], undefined)).rejects.toThrow('stdin is not available here');
  const two = [file('-'), { ...file('-'), flag: '--memo-file', arg: 'memo' }];
  await expect(readTexts(two, memoryIo())).rejects.toThrow(
    '--body-file and --memo-file cannot both read stdin',
  );
});
