// Plays the console blocks of README.md in a new tracker and compares what is printed there. Ids,
// times, tokens and paths differ each time; tables are for people at a terminal, so only their words
// are compared.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, jitJson } from '@jit/testkit/processes';
import { expect, test } from 'vitest';
import { blocksOf, project, textOf } from './test-tools.ts';

const README = textOf('README.md');
const TABLE_HEAD = /^(id state|AGENT RUNNING|RUN STATE) .*$/;

interface Step {
  readonly command: string;
  readonly expected: readonly string[];
}

/** The commands of the console blocks, each with the lines that are printed below it. */
function steps(): Step[] {
  return blocksOf('README.md', 'console').flatMap((block) =>
    block.split(/^\$ /m).flatMap((part) => {
      const [command = '', ...expected] = part.trimEnd().split('\n');
      return command === '' ? [] : [{ command, expected }];
    }),
  );
}

/** The files that the page shows: a name on a line of its own, then the block. */
function writeFiles(folder: string): void {
  for (const [, name = '', text = ''] of README.matchAll(
    /^`([\w.-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm,
  ))
    writeFileSync(join(folder, name), text);
}

test('the tour of the README prints what the README says', { timeout: 180_000 }, async () => {
  const { folder, env } = await project({ init: false });
  writeFiles(folder);
  const words = new Map<string, string>();
  const real = (text: string): string =>
    [...words].reduce((rest, [page, id]) => rest.replaceAll(page, id), text);
  let status = 0;
  for (const { command, expected } of steps()) {
    const ended = spawnSync('sh', ['-c', `(exit ${status}); { ${real(command)}; } 2>&1`], {
      cwd: folder,
      env: cleanEnv({ PATH: env.PATH ?? '', JIT_ACTOR: 'ana' }),
      encoding: 'utf8',
    });
    status = ended.status ?? 1;
    if (command.startsWith('jit issue create')) await learnIds(folder, words, expected);
    const printed = plain(ended.stdout);
    expect(printed, command).toEqual(plain(real(expected.join('\n'))));
    if (/^jit-dispatch (once$|dispatch )/.test(command)) await agentsEnded(folder);
  }
});

/** The page's ids, short and whole, stand for those of the issue that was just made. */
async function learnIds(
  cwd: string,
  words: Map<string, string>,
  expected: readonly string[],
): Promise<void> {
  const page = /^created (\w+)/.exec(expected[0] ?? '')?.[1] ?? '';
  const all = await jitJson<{ id: string; short_id: string }[]>(['query', 'all'], { cwd });
  const made = all.at(-1);
  const whole = new RegExp(`\\b${page}\\w{6}\\b`).exec(README)?.[0];
  if (whole !== undefined) words.set(whole, made?.id ?? '');
  words.set(page, made?.short_id ?? '');
}

function plain(text: string): string[] {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{32}\b/g, 'TOKEN')
    .replaceAll(/^(made) \S+$/gm, '$1 PATH')
    .replaceAll(/^(dispatcher\s+)\S+/gm, '$1HOST')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '' && !TABLE_HEAD.test(line));
}

async function agentsEnded(folder: string): Promise<void> {
  const home = join(folder, '.jit-dispatch');
  const running = (): string[] =>
    readdirSync(home).flatMap((name) => {
      const runs = join(home, name, 'runs');
      if (!existsSync(runs)) return [];
      const phases = readdirSync(runs).flatMap((run) => [
        run,
        ...readdirSync(join(runs, run))
          .filter((file) => file.startsWith('gates-'))
          .map((file) => join(run, file)),
      ]);
      return phases.filter((phase) => !existsSync(join(runs, phase, 'exit.json')));
    });
  await expect.poll(running, { timeout: 30_000, interval: 100 }).toEqual([]);
}
