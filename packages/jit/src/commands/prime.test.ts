import { findCommand } from '@jit/cli-kit/find-command';
import { commonGlobals } from '@jit/cli-kit/globals';
import { expect, test } from 'vitest';
import { tempTracker } from '../../test/support/temp-tracker.ts';
import { COMMANDS } from './index.ts';

/** A token is about four characters; three is a safe count, bytes instead of letters as well. */
const tokens = (text: string) => Math.ceil(Buffer.byteLength(text) / 3);

test('stays under 1,500 tokens with 1,000 issues, 60 gates and long names', async () => {
  const tracker = await tempTracker();
  const gates = Array.from({ length: 60 }, (_, at) => [
    ...['gate', 'define', `g${at}-${'k'.repeat(100)}`, '--stage', at % 2 ? 'done' : 'ready'],
    ...['--title', `\u00fc${'long title '.repeat(30)}`],
  ]);
  const issues = Array.from({ length: 1000 }, (_, at) => [
    ...['issue', 'create', `Issue ${at}`],
    ...['--label', `area:${at}-${'\u8a9e'.repeat(80)}`, '--label', 'type:task'],
  ]);
  const { exit } = await tracker.batch([...gates, ...issues]);
  expect(exit).toBe(0);
  const { text, gates: count, labels } = await tracker.json('prime');
  const empty = await (await tempTracker()).json('prime');
  expect([count, labels]).toEqual([60, 1001]);
  expect(tokens(text)).toBeLessThan(1500);
  expect(text).toContain('more: `jit gate list`');
  expect(text).toContain('type:task (1000)');
  const held = { env: { JIT_ISSUE_ID: 'x'.repeat(400), JIT_CLAIM: 'y' } };
  expect(tokens((await tracker.json('prime', held)).text)).toBeLessThan(1500);
  console.log(
    `prime: ${tokens(text)} tokens at 1,000 issues and 60 gates, ${tokens(empty.text)} in an empty tracker`,
  );
});

test('says what this repository has: counts, gates, labels', async () => {
  const { create, json, run } = await tempTracker();
  await json('gate define review');
  await json([
    'gate',
    'define',
    'docs',
    '--stage',
    'done',
    '--title',
    'Docs\n`rm -rf` <b>say</b> so',
  ]);
  await create('A', '--label', 'area:parser');
  await create('B', '--gate', 'review');
  const { stdout } = await run('prime');
  expect(stdout).toContain('Now: 1 ready, 1 open.');
  expect(stdout).toContain('- docs (exit, manual): Docs rm -rf b say /b so\n');
  expect(stdout).toContain('- review (entry, manual)\n');
  expect(stdout).toContain('area:parser (1)');
});

/** Comes with the checkers. */
const TO_COME = ['jit gate run ID'];

test('every command that it names is one', async () => {
  const { create, run, json } = await tempTracker();
  await json('gate define review');
  await create('A', '--gate', 'review');
  const { stdout } = await run('prime');
  const calls = [...stdout.matchAll(/`(jit [^`]+)`/g)]
    .map(([, call = '']) => call)
    .filter((call) => !TO_COME.includes(call) && call !== 'jit COMMAND --help');
  expect(calls.length).toBeGreaterThan(12);
  for (const call of calls) {
    const argv = call.split(' ').slice(1);
    const { entry } = await findCommand(COMMANDS, argv, commonGlobals, 'jit');
    const { options } = await entry.load();
    const flags = argv.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
    const known = [...Object.keys(options), ...Object.keys(commonGlobals)];
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  }
});

test('a whole issue can be done by what it says, with its calls as they stand there', async () => {
  const { create, json, fails, run } = await tempTracker();
  await json('gate define review --stage done');
  await create('A', '--gate', 'review');
  const { stdout } = await run('prime');
  const fill = (call: string, values: Record<string, string>) => {
    expect(stdout).toContain(`\`${call}`);
    const words = call.replace(/^jit /, '').replace(' --json', '');
    return Object.entries(values).reduce((text, [word, value]) => text.replace(word, value), words);
  };
  const next = fill('jit issue claim-next YOUR-NAME --ttl 900 --json', { 'YOUR-NAME': 'bot' });
  const { id, claim } = await json(next);
  const mine = { ID: id, TOKEN: claim.token };
  await json(fill('jit issue show ID', mine));
  await json(fill('jit issue heartbeat ID --claim TOKEN', mine));
  await json(fill('jit issue comment ID "..."', mine));
  const done = fill('jit issue update ID --state done --claim TOKEN', mine);
  expect(await fails(done)).toMatchObject({ exit: 4, code: 'GATES_OPEN' });
  await json(fill('jit gate pass ID KEY --note "..."', { ...mine, KEY: 'review' }));
  expect(await json(fill('jit issue show ID', mine))).toMatchObject({ state: 'done' });
  expect(await fails(next)).toMatchObject({ exit: 3 });
});

test('an agent that was started with a claim is told that it has one', async () => {
  const { run } = await tempTracker();
  const { stdout } = await run('prime', { env: { JIT_ISSUE_ID: 'aaaa', JIT_CLAIM: 'token' } });
  expect(stdout).toContain('You hold aaaa already: claim nothing.');
  expect(stdout).not.toContain('claim-next');
});
