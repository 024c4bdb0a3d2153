import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { jitJson, runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';

async function newTracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  return cwd;
}

test('a writer that waits for each answer gets it at once', async () => {
  const cwd = await newTracker();
  const child = startBundle('jit', ['batch'], { cwd });
  const answers = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  for (let line = 0; line < 20; line += 1) {
    child.stdin?.write(`${JSON.stringify(['issue', 'create', `number ${line}`])}\n`);
    const { value } = await answers.next();
    expect(JSON.parse(value)).toMatchObject({ exit: 0, result: { title: `number ${line}` } });
    // What was answered is there for others, while the batch still runs.
    if (line === 0) expect(await jitJson(['issue', 'list'], { cwd })).toHaveLength(1);
  }
  child.stdin?.end();
  const [exit] = await once(child, 'close');
  expect(exit).toBe(0);
});

test('a batch that waits for input keeps nobody waiting', async () => {
  const cwd = await newTracker();
  const child = startBundle('jit', ['batch'], { cwd });
  const answered = once(child.stdout ?? child, 'data');
  child.stdin?.write('["issue","create","a"]\n["issue","create"');
  await answered;
  await jitJson(['issue', 'create', 'b', '--lock-timeout', '0'], { cwd });
  child.stdin?.end(',"c"]\n');
  await once(child, 'close');
  expect(await jitJson(['issue', 'list'], { cwd })).toHaveLength(3);
});

test('answers are durable: what was printed before kill -9 is there', async () => {
  const cwd = await newTracker();
  const child = startBundle('jit', ['batch'], { cwd });
  const lines = Array.from({ length: 3000 }, (_, at) =>
    JSON.stringify(['issue', 'create', `n${at}`]),
  );
  child.stdin?.on('error', () => {}).write(`${lines.join('\n')}\n`);
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    answered.push(JSON.parse(line).result.id);
    if (answered.length === 700) child.kill('SIGKILL');
  }
  const listed = await jitJson<{ id: string }[]>(['issue', 'list'], { cwd });
  const ids = new Set(listed.map(({ id }) => id));
  expect(answered.filter((id) => !ids.has(id))).toEqual([]);
  expect(answered.length).toBeGreaterThanOrEqual(700);
  const { stdout } = await runBundle('jit', ['validate', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ errors: 0 });
});

test('two bulk batches at once share the tracker without losing a line', async () => {
  const cwd = await newTracker();
  const lines = (who: string) =>
    Array.from({ length: 300 }, (_, at) => JSON.stringify(['issue', 'create', `${who} ${at}`]));
  const ended = await Promise.all(
    ['one', 'two'].map((who) => runBundle('jit', ['batch'], { cwd, stdin: lines(who).join('\n') })),
  );
  expect(ended.map(({ exit }) => exit)).toEqual([0, 0]);
  expect(ended.map(({ stdout }) => stdout.trim().split('\n').length)).toEqual([300, 300]);
  expect(await jitJson(['issue', 'list'], { cwd })).toHaveLength(600);
});
