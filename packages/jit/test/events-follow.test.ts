import type { ChildProcess } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle, startBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';

/** A running `events tail --follow` and the lines that it has printed. */
interface Follower {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Waits until it has printed so many lines. */
  has(count: number): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function follow(cwd: string, ...flags: readonly string[]): Follower {
  const child = startBundle('jit', ['events', 'tail', '--follow', ...flags], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const has = async (count: number) => {
    await expect
      .poll(() => lines.length, { timeout: 30_000, interval: 10 })
      .toBeGreaterThanOrEqual(count);
  };
  return { child, lines, has, ended };
}

async function tracker(): Promise<string> {
  const cwd = tempFolder();
  await jitJson(['init'], { cwd });
  return cwd;
}

const line = (id: string, at: string) =>
  `${JSON.stringify({ id, at, type: 'comment_added', issue: null, actor: 'git', text: id })}\n`;

test('--follow sees what other processes do, each event once, and ends with 130 on SIGINT', async () => {
  const cwd = await tracker();
  const { id } = await jitJson<{ id: string }>(['issue', 'create', 'A'], { cwd });
  const follower = follow(cwd, '-n', '1', '--json');
  await follower.has(1);
  await Promise.all(['B', 'C', 'D'].map((title) => jitJson(['issue', 'create', title], { cwd })));
  await jitJson(['issue', 'claim', id, 'bot'], { cwd });
  await follower.has(9);
  const log = await jitJson<{ id: string }[]>(['events', 'query'], { cwd });
  const seen = follower.lines.map((text): { id: string } => JSON.parse(text));
  expect(seen).toEqual(log.slice(1));
  follower.child.kill('SIGINT');
  expect(await follower.ended).toEqual({ code: 130, signal: null });
});

test('--follow goes on over a change of month and tells what a merge brings in late', async () => {
  const cwd = await tracker();
  const follower = follow(cwd, '-n', '0', '--json');
  const events = join(cwd, '.jit', 'events');
  // Not before it has read the log: what is there by then is old.
  await expect
    .poll(
      () => {
        appendFileSync(
          join(events, '2031-01.jsonl'),
          line(`01ZZ${Date.now()}0000000000000`.slice(0, 26), '2031-01-01T00:00:00.000Z'),
        );
        return follower.lines.length;
      },
      { timeout: 30_000, interval: 200 },
    )
    .toBeGreaterThan(0);
  const begun = follower.lines.length;
  appendFileSync(
    join(events, '2031-02.jsonl'),
    line('01ZZZZZZZZZZZZZZZZZZZZZZZ1', '2031-02-01T00:00:00.000Z'),
  );
  await expect.poll(() => follower.lines.join('\n'), { timeout: 30_000 }).toContain('ZZZZZ1"');
  const old = join(events, '2031-02.jsonl');
  writeFileSync(
    old,
    `${line('01AAAAAAAAAAAAAAAAAAAAAAA1', '2021-01-01T00:00:00.000Z')}${readFileSync(old, 'utf8')}`,
  );
  await expect.poll(() => follower.lines.join('\n'), { timeout: 30_000 }).toContain('AAAAA1"');
  const ids = follower.lines.map((text) => JSON.parse(text).id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(begun + 2);
});

test('--follow ends without an error when nobody reads any more', async () => {
  const cwd = await tracker();
  await jitJson(['issue', 'create', 'A'], { cwd });
  const follower = follow(cwd, '-n', '1');
  await follower.has(1);
  follower.child.stdout?.destroy();
  await jitJson(['issue', 'create', 'B'], { cwd });
  expect(await follower.ended).toEqual({ code: 0, signal: null });
});

test('without --follow the newest events are one document', async () => {
  const cwd = await tracker();
  await jitJson(['issue', 'create', 'A'], { cwd });
  const { stdout } = await runBundle('jit', ['events', 'tail', '--json'], { cwd });
  expect(JSON.parse(stdout)).toHaveLength(2);
});
