import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import type { ClassifierProgram } from '../src/config/choosing.ts';
import { classifyReady } from '../src/daemon/classifying/classify-ready.ts';
import { markOf, QUESTION_MARK } from '../src/daemon/classifying/mark.ts';
import { openQuestions } from '../src/daemon/classifying/questions.ts';
import { readClasses } from '../src/daemon/classifying/read-classes.ts';
import { findMarked, identityOf } from '../src/keeper/identity.ts';
import type { TrackerIssue } from '../src/tracker/tracker.ts';
import { askedIssue, askingDispatcher } from './asking.ts';
import { until } from './until.ts';

const ANSWER = `echo '{"class":"ai","confidence":0.9,"detail":"clear"}'\n`;
const AI = { is: 'told', class: 'ai', confidence: 0.9, detail: 'clear' };
/** Notes the id of the issue that it is asked about. */
const NOTES = `id=$(sed 's/.*"id":"\\([^"]*\\)".*/\\1/'); echo "$id" >> asked\n`;

/** A folder with a program that notes what it is asked, and a dispatcher that asks it. */
function open(script: string, facts: Partial<ClassifierProgram> = {}) {
  const cwd = tempFolder();
  const write = (text: string): void => {
    writeFileSync(join(cwd, 'tell'), `#!/bin/sh\n${NOTES}${text}`);
    chmodSync(join(cwd, 'tell'), 0o755);
  };
  write(script);
  const program: ClassifierProgram = { argv: ['./tell'], timeoutSecs: 60, retrySecs: 60, ...facts };
  const its = askingDispatcher(join(cwd, 'own'), cwd);
  const questions = openQuestions(null);
  onTestFinished(async () => {
    await questions.close();
    its.ledger.close();
  });
  const ask = (issues: readonly TrackerIssue[]) =>
    classifyReady(its.dispatcher, issues, program, questions);
  const asked = (): string[] =>
    existsSync(join(cwd, 'asked'))
      ? readFileSync(join(cwd, 'asked'), 'utf8').trim().split('\n')
      : [];
  return { ...its, cwd, write, program, questions, ask, asked };
}

test('an issue is asked about once, until what its class depends on is another', async () => {
  const { ask, asked, program, ledger } = open(ANSWER);
  const facts = { labels: ['a', 'b'], metadata: { x: 1, y: 2 } };
  expect(await ask([askedIssue('1', facts)])).toEqual(new Map([['1', AI]]));
  const same = { labels: ['b', 'a'], metadata: { y: 2, x: 1 }, priority: 'high', attempt: 3 };
  expect(await ask([askedIssue('1', same)])).toEqual(new Map([['1', AI]]));
  expect(asked()).toHaveLength(1);
  const changes = [
    { title: 'Another' },
    { description: 'Another' },
    { acceptance_criteria: ['Another'] },
    { labels: ['a'] },
    { documents: ['docs/a.md'] },
    { metadata: { x: 1, y: 3 } },
  ];
  for (const [index, change] of changes.entries()) {
    expect(await ask([askedIssue('1', { ...facts, ...change })])).toEqual(new Map([['1', AI]]));
    expect(asked(), JSON.stringify(change)).toHaveLength(index + 2);
  }
  const other = { ...program, argv: ['./tell', 'otherwise'] };
  expect(readClasses(ledger, [askedIssue('1', facts)], other).get('1')).toEqual({ is: 'asked' });
});

test('a look asks nothing: it says what is known, and `asked` where nothing is', async () => {
  const { ask, asked, program, ledger } = open(ANSWER);
  await ask([askedIssue('1')]);
  const look = [askedIssue('1'), askedIssue('2')];
  expect([...readClasses(ledger, look, program)]).toEqual([
    ['1', AI],
    ['2', { is: 'asked' }],
  ]);
  expect(readClasses(null, look, program).get('1')).toEqual({ is: 'asked' });
  expect(asked()).toEqual(['1']);
});

test('an issue of which the tracker tells little is asked about with that', async () => {
  const { ask } = open(ANSWER);
  const whole = { id: '1', title: 'One' };
  const bare = { ...askedIssue('1'), whole };
  expect(await ask([bare, { ...askedIssue('2'), whole: null }])).toEqual(
    new Map([
      ['1', AI],
      ['2', AI],
    ]),
  );
});

test('a failure is kept, said once, and asked again after its time, also when the clock was set back', async () => {
  const { ask, asked, clock, logged, write } = open('echo broken >&2; exit 1\n');
  const failed = (retryAt: string) => ({
    is: 'failed',
    message: 'ended with exit 1: broken',
    retryAt,
  });
  const issue = askedIssue('1');
  const first = failed('2026-11-20T10:01:00.000Z');
  expect(await ask([issue])).toEqual(new Map([['1', first]]));
  clock.now += 59_999;
  expect(await ask([issue])).toEqual(new Map([['1', first]]));
  expect(asked()).toHaveLength(1);
  clock.now += 1;
  expect(await ask([issue])).toEqual(new Map([['1', failed('2026-11-20T10:02:00.000Z')]]));
  expect(asked()).toHaveLength(2);
  clock.now -= 3_600_000;
  expect(await ask([issue])).toEqual(new Map([['1', failed('2026-11-20T09:02:00.000Z')]]));
  expect(asked()).toHaveLength(3);
  clock.now += 60_000;
  write(ANSWER);
  expect(await ask([issue])).toEqual(new Map([['1', AI]]));
  expect(logged.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn no class was told: the program ended with exit 1: broken',
    'info classes are told again',
  ]);
});

test('40 issues: 4 at a time, 32 in a cycle, in their order; those that failed come after the new ones', async () => {
  const running = 'mkdir -p now; touch now/$$; ls now | wc -l >> counts\n';
  // Nobody answers before four have begun: fewer at a time would never end.
  const four = 'while [ $(cat counts | wc -l) -lt 4 ]; do sleep 0.02; done; rm now/$$\n';
  const { ask, asked, cwd, clock, write } = open(`${running}${four}exit 1\n`);
  const issues = Array.from({ length: 40 }, (_, index) => askedIssue(String(index)));
  const first = await ask(issues);
  expect(asked()).toHaveLength(32);
  const stateOf = (told: typeof first) => [...told.values()].map(({ is }) => is);
  expect(stateOf(first)).toEqual([...Array(32).fill('failed'), ...Array(8).fill('asked')]);
  const counts = readFileSync(join(cwd, 'counts'), 'utf8').trim().split(/\s+/).map(Number);
  expect(Math.max(...counts)).toBe(4);
  clock.now += 3_600_000;
  write(ANSWER);
  const second = await ask(issues);
  const told = Array(8).fill('told');
  expect(stateOf(second)).toEqual([...Array(24).fill('told'), ...Array(8).fill('failed'), ...told]);
  expect(readdirSync(join(cwd, 'now'))).toEqual([]);
});

test('issues with the same content are asked about once, and each repository keeps its own answers', async () => {
  const { ask, asked, cwd, program, questions } = open(ANSWER);
  const same = { title: 'Same' };
  await ask([askedIssue('1', same), askedIssue('2', same)]);
  expect(asked()).toHaveLength(1);
  const other = askingDispatcher(join(cwd, 'other'), cwd);
  onTestFinished(() => other.ledger.close());
  await classifyReady(other.dispatcher, [askedIssue('1', same)], program, questions);
  expect(asked()).toHaveLength(2);
  expect(readClasses(other.ledger, [askedIssue('1', same)], program).get('1')).toEqual(AI);
});

test('an answer that is needed is not forgotten, however long its issue waits', async () => {
  const { ask, asked, clock, ledger, cwd } = open(ANSWER);
  for (let day = 0; day <= 60; day += 5) {
    clock.now = Date.parse('2026-11-20T10:00:00.000Z') + day * 86_400_000;
    ledger.forgetClassifications(new Date(clock.now - 14 * 86_400_000).toISOString());
    await ask([askedIssue('1')]);
  }
  expect(asked(), cwd).toEqual(['1']);
});

test('an answer that can not be kept is asked for again by the next cycle', async () => {
  const { ask, asked, dispatcher, program, questions } = open(ANSWER);
  const full = Object.create(dispatcher.ledger, {
    keepClassification: {
      value: () => {
        throw new Error('disk full');
      },
    },
  });
  const broken = { ...dispatcher, ledger: full };
  const issues = [askedIssue('1')];
  expect((await classifyReady(broken, issues, program, questions)).get('1')).toEqual({
    is: 'asked',
  });
  expect((await ask(issues)).get('1')).toEqual(AI);
  expect(asked()).toHaveLength(2);
});

/** The same where no cycle waits; `go` lets the programs answer. */
function openBeside() {
  const its = open(`while [ ! -e go ] && [ ! -e "go-$id" ]; do sleep 0.02; done\n${ANSWER}`);
  let woken = 0;
  const questions = openQuestions(() => {
    woken += 1;
  });
  onTestFinished(() => questions.close());
  const look = (...ids: string[]) =>
    classifyReady(
      its.dispatcher,
      ids.map((id) => askedIssue(id)),
      its.program,
      questions,
    );
  const go = (id = '') => writeFileSync(join(its.cwd, id === '' ? 'go' : `go-${id}`), '');
  return { ...its, questions, look, go, woken: () => woken };
}

test('beside the loop no cycle waits, and it is woken when answers are there', async () => {
  const { look, go, woken, asked } = openBeside();
  expect(await look('1')).toEqual(new Map([['1', { is: 'asked' }]]));
  await until('it is asked', () => asked().length === 1);
  expect(await look('1')).toEqual(new Map([['1', { is: 'asked' }]]));
  expect(woken()).toBe(0);
  go();
  await until('the loop is woken', () => woken() > 0);
  expect(await look('1')).toEqual(new Map([['1', AI]]));
  expect(asked()).toEqual(['1']);
});

test('what has become more urgent is asked first, and what is ready no more is not asked', async () => {
  const { look, go, asked } = openBeside();
  await look('1', '2', '3', '4', '5', '6');
  await until('four are asked', () => asked().length === 4);
  await look('7', '1', '2', '3', '4', '5');
  go('1');
  await until('the next one is asked', () => asked().length === 5);
  go('2');
  await until('the one after it is asked', () => asked().length === 6);
  go();
  const told = await until('all are told', async () => {
    const classes = await look('1', '2', '3', '4', '5', '7');
    return [...classes.values()].every(({ is }) => is === 'told') ? classes : null;
  });
  expect(told.size).toBe(6);
  expect(asked().slice(0, 4).sort()).toEqual(['1', '2', '3', '4']);
  expect(asked().slice(4)).toEqual(['7', '5']);
});

test('a stop ends what is asked with its children, keeps nothing of it and wakes nobody', async () => {
  const { look, questions, asked, woken, dispatcher, ledger, program } = openBeside();
  await look('1', '2', '3', '4', '5');
  await until('four are asked', () => asked().length === 4);
  const mark = markOf(dispatcher, identityOf(process.pid));
  const left = () => findMarked(QUESTION_MARK, mark).length;
  expect(left()).toBeGreaterThanOrEqual(4);
  await questions.close();
  await until('nothing of it is left', () => left() === 0);
  const issues = ['1', '2', '3', '4', '5'].map((id) => askedIssue(id));
  expect([...readClasses(ledger, issues, program).values()]).toEqual(
    Array(5).fill({ is: 'asked' }),
  );
  await classifyReady(dispatcher, issues, program, questions);
  expect([left(), asked().length, woken()]).toEqual([0, 4, 0]);
});
