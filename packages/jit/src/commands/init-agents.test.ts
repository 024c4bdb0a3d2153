import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runInProcess } from '@jit/testkit/run-in-process';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { PROGRAM } from '../../test/support/temp-tracker.ts';

const BEGIN = '<!-- jit:begin -->';
const END = '<!-- jit:end -->';

async function init(dir: string, ...flags: string[]) {
  const argv = ['init', '--json', '--dir', dir, ...flags];
  const { exit, stdout } = await runInProcess(PROGRAM, argv, { env: { JIT_ACTOR: 'ana' } });
  return { exit, answer: JSON.parse(stdout) };
}

test('without --agents nothing is written beside .jit', async () => {
  const dir = tempFolder();
  expect((await init(dir)).answer).toMatchObject({ changed: true, agents: null });
  expect(readdirSync(dir)).toEqual(['.jit']);
});

test('the file is made where there is none, also for a tracker that is there, and once', async () => {
  const dir = tempFolder();
  await init(dir);
  const file = join(dir, 'AGENTS.md');
  expect((await init(dir, '--agents')).answer).toMatchObject({
    changed: true,
    agents: { file, changed: true },
  });
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(`${BEGIN}\n`) && text.endsWith(`${END}\n`)).toBe(true);
  expect(text).toContain('`jit prime`');
  expect((await init(dir, '--agents')).answer).toMatchObject({
    changed: false,
    agents: { changed: false },
  });
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(dir).sort()).toEqual(['.jit', 'AGENTS.md']);
});

test.each([
  ['text', '# Rules\n\nBe kind.\n'],
  ['no newline at the end', '# Rules'],
  ['CRLF', '# Rules\r\n\r\nBe kind.\r\n'],
  ['a byte order mark', '\ufeff# Rules\n'],
])('what is there stays byte for byte: %s', async (_, before) => {
  const dir = tempFolder();
  const file = join(dir, 'AGENTS.md');
  writeFileSync(file, before);
  await init(dir, '--agents');
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(before)).toBe(true);
  if (before.includes('\r')) expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  else expect(text).not.toContain('\r');
  // Somebody writes below it and spoils the block: only the block is put right.
  const edited = `${text.replace('Run `jit prime`', 'Run nothing')}below, without an end`;
  writeFileSync(file, edited);
  expect((await init(dir, '--agents')).answer.agents.changed).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(`${text}below, without an end`);
  expect((await init(dir, '--agents')).answer.agents.changed).toBe(false);
});

test('bytes that are no UTF-8 stay, so do rights and a symbolic link', async () => {
  const dir = tempFolder();
  const real = join(dir, 'CLAUDE.txt');
  const before = Buffer.from([0xff, 0xe9, 0x0a]);
  writeFileSync(real, before);
  chmodSync(real, 0o640);
  symlinkSync('CLAUDE.txt', join(dir, 'AGENTS.md'));
  await init(dir, '--agents');
  expect(readFileSync(real).subarray(0, 3).equals(before)).toBe(true);
  expect(readFileSync(real, 'latin1')).toContain(END);
  expect(statSync(real).mode & 0o777).toBe(0o640);
});

test.each([
  ['a begin without an end', `${BEGIN}\nx\n`],
  ['an end without a begin', `${END}\n`],
  ['the wrong order', `${END}\n${BEGIN}\n`],
  ['two blocks', `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
])('damaged marks are refused and nothing is made: %s', async (_, text) => {
  const dir = tempFolder();
  writeFileSync(join(dir, 'AGENTS.md'), text);
  const { exit, answer } = await init(dir, '--agents');
  expect([exit, answer.error.code]).toEqual([4, 'AGENTS_MARKS']);
  expect(readFileSync(join(dir, 'AGENTS.md'), 'utf8')).toBe(text);
  expect(existsSync(join(dir, '.jit'))).toBe(false);
});

test('something else in its place is refused', async () => {
  const dir = tempFolder();
  mkdirSync(join(dir, 'AGENTS.md'));
  expect(await init(dir, '--agents')).toMatchObject({
    exit: 5,
    answer: { error: { code: 'AGENTS_CLOSED' } },
  });
});

test('a symbolic link to a file that is not there yet stays a link, and the file is made', async () => {
  const dir = tempFolder();
  symlinkSync('CLAUDE.md', join(dir, 'AGENTS.md'));
  expect((await init(dir, '--agents')).exit).toBe(0);
  expect(lstatSync(join(dir, 'AGENTS.md')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(dir, 'CLAUDE.md'), 'utf8')).toContain(BEGIN);
});
