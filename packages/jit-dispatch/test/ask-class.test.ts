import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { findMarked } from '../src/keeper/identity.ts';
import { askClass } from '../src/runners/ask-class.ts';
import { until } from './until.ts';

/** Asks programs in one folder; what they leave carries a mark. */
function place() {
  const cwd = tempFolder();
  const mark = `class-${process.pid}-${Math.random()}`;
  const environment = { PATH: process.env.PATH, API_KEY: 'sk-12345678', CLASS_TEST: mark };
  const ask = (argv: readonly string[], timeoutSecs = 60, issue: unknown = { id: 'i1' }) =>
    askClass({ argv, timeoutSecs, issue, cwd, environment });
  const sh = (script: string, timeoutSecs = 60) => ask(['sh', '-c', script], timeoutSecs).answer;
  const nothingLeft = () =>
    until('nothing of them is left', () => findMarked('CLASS_TEST', mark).length === 0);
  return { cwd, ask, sh, nothingLeft };
}

const failed = (message: unknown) => ({ is: 'failed', message });

test('a program reads the issue as JSON and tells its class; without a shell, whatever the issue says', async () => {
  const { cwd, ask } = place();
  const program = `let text = ''; process.stdin.on('data', (part) => { text += part; }).on('end', () => {
    const { title } = JSON.parse(text);
    console.log(JSON.stringify({ class: 'hybrid', confidence: 0.25, detail: title + process.argv[1], more: 1 }));
  })`;
  writeFileSync(join(cwd, 'not-run'), '');
  const issue = { title: '$(rm not-run)\nsk-12345678 ', description: 'x'.repeat(300_000) };
  const { answer } = ask(['node', '-e', program, '`rm not-run`'], 60, issue);
  expect(await answer).toEqual({
    is: 'told',
    class: 'hybrid',
    confidence: 0.25,
    detail: '$(rm not-run) [redacted] `rm not-run`',
  });
});

test.each([
  ['{"class":"ai","confidence":0}', { class: 'ai', confidence: 0, detail: '' }],
  ['\n {"confidence":1,"class":"human","detail":""} \n', { class: 'human', confidence: 1 }],
])('%j is an answer, also from a program that does not read', async (printed, facts) => {
  const { ask } = place();
  expect(await ask(['printf', '%s', printed]).answer).toMatchObject({ is: 'told', ...facts });
});

test.each([
  ['', 'printed nothing'],
  ['ai', 'did not print one JSON document: ai'],
  ['{"class":"ai"', 'did not print one JSON document: {"class":"ai"'],
  ['{"class":"ai","confidence":1}{}', /^did not print one JSON document: /],
  ['[]', 'printed JSON that is no object: []'],
  ['null', 'printed JSON that is no object: null'],
  ['{"class":"robot","confidence":1}', 'printed no class of human, ai, hybrid: "robot"'],
  ['{"confidence":1}', 'printed no class of human, ai, hybrid: none'],
  ['{"class":"ai","confidence":1.5}', 'printed no confidence from 0 to 1: 1.5'],
  ['{"class":"ai","confidence":-0.1}', 'printed no confidence from 0 to 1: -0.1'],
  ['{"class":"ai","confidence":"0.5"}', 'printed no confidence from 0 to 1: "0.5"'],
  ['{"class":"ai"}', 'printed no confidence from 0 to 1: none'],
  ['{"class":"ai","confidence":1,"detail":7}', 'printed a detail that is no text: 7'],
])('%j is no answer, in words', async (printed, words) => {
  const { ask } = place();
  const message = typeof words === 'string' ? words : expect.stringMatching(words);
  expect(await ask(['printf', '%s', printed]).answer).toEqual(failed(message));
});

test('each end without an answer has its words, in one line without secrets, and nothing is left', async () => {
  const { cwd, ask, sh, nothingLeft } = place();
  writeFileSync(join(cwd, 'text'), '{"class":"ai","confidence":1}');
  const answers = {
    missing: await ask(['no-such-program']).answer,
    text: await ask(['./text']).answer,
    exit: await sh('echo "{"class":"ai","confidence":1}"; exit 3'),
    said: await sh(String.raw`printf '\033[2J no quota\nfor %s' "$API_KEY" >&2; exit 1`),
    signal: await sh('kill -TERM $$'),
    hang: await sh('sleep 300 & cat > /dev/null; sleep 300', 0.5),
    deaf: await sh('trap "" TERM INT HUP; sleep 300 & wait; sleep 300', 0.5),
    flood: await sh('yes'),
    noise: await sh('yes >&2'),
  };
  expect(answers).toEqual({
    missing: failed('was not found: no-such-program'),
    text: failed('is no program that may be run: ./text'),
    exit: failed('ended with exit 3: {class:ai,confidence:1}'),
    said: failed('ended with exit 1: [2J no quota for [redacted]'),
    signal: failed('was killed by SIGTERM'),
    hang: failed('did not end within 0.5 s and was killed'),
    deaf: failed('did not end within 0.5 s and was killed'),
    flood: failed('printed more than 65536 bytes and was killed'),
    noise: failed('printed more than 65536 bytes and was killed'),
  });
  await nothingLeft();
});

test('what a program leaves in its group when it has answered is stopped, too', async () => {
  const { sh, nothingLeft } = place();
  const answer = await sh('sleep 300 > /dev/null 2>&1 & echo \'{"class":"ai","confidence":1}\'');
  expect(answer).toMatchObject({ is: 'told' });
  await nothingLeft();
});

test('a question that is taken back ends at once, with its children', async () => {
  const { cwd, ask, nothingLeft } = place();
  const question = ask(['sh', '-c', 'sleep 300 & touch begun; wait']);
  await until('it has begun', () => existsSync(join(cwd, 'begun')));
  question.cancel();
  expect(await question.answer).toMatchObject({ is: 'failed' });
  await nothingLeft();
});

test('a folder that is gone is named, and not the program', async () => {
  const { cwd, ask } = place();
  rmSync(cwd, { recursive: true });
  expect(await ask(['true']).answer).toEqual(failed(`the folder to run it in is gone: ${cwd}`));
  mkdirSync(cwd);
});
