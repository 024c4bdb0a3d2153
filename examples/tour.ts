import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, jitJson, runBundle } from '@jit/testkit/processes';
import { expect, onTestFinished } from 'vitest';
import { ESCALATED_LABEL, HELD_LABEL } from '../packages/contract/src/vocabulary.ts';
import { readHolder } from '../packages/jit-dispatch/src/daemon/lifecycle/instance-lock.ts';
import { blocksOf, fileOf, project, textOf } from './test-tools.ts';

const TABLE_HEAD = /^(id state|AGENT RUNNING|RUN STATE|WAITING PRIORITY|LOOK AT FOR) .*$/;

/** What a running dispatcher has to answer with something. */
const CHANGES =
  /^(sed -i|jit issue create|jit-dispatch (start|dispatch|pause|resume|cancel|reassign)\b)/;

interface Step {
  readonly command: string;
  readonly expected: readonly string[];
}

/**
 * Plays the console blocks of a page in a new folder and compares what is printed there. Ids, times,
 * tokens and paths differ each time; tables are for people at a terminal, so only their words are
 * compared.
 * @returns how many commands were played
 */
export async function playTour(page: string): Promise<number> {
  const { folder, env } = await project({ init: false });
  endDaemons(folder);
  const text = textOf(page);
  writeFiles(text, folder);
  if (text.includes("from 'jit-dispatch'")) installLibrary(folder);
  const words = new Map<string, string>();
  const real = (line: string): string =>
    [...words].reduce((rest, [name, id]) => rest.replaceAll(name, id), line);
  let status = 0;
  let edits = 0;
  const all = steps(page);
  for (const { command, expected } of all) {
    const ended = spawnSync('sh', ['-c', `(exit ${status}); { ${real(command)}\n} 2>&1`], {
      cwd: folder,
      env: cleanEnv({ PATH: env.PATH ?? '', JIT_ACTOR: 'ana' }),
      encoding: 'utf8',
    });
    status = ended.status ?? 1;
    if (command.startsWith('jit issue create')) await learnIds(folder, { text, words, expected });
    const printed = plain(inProject(ended.stdout, folder));
    expect(printed, command).toEqual(plain(real(expected.join('\n'))));
    if (command.startsWith('sed -i')) edits += 1;
    await settled(folder, { command, edits });
  }
  return all.length;
}

/** The commands of the console blocks, each with the lines that are printed below it. */
function steps(page: string): Step[] {
  return blocksOf(page, 'console').flatMap((block) =>
    block.split(/^\$ /m).flatMap((part) => {
      const [command = '', ...expected] = part.trimEnd().split('\n');
      return command === '' ? [] : [{ command, expected }];
    }),
  );
}

/** The files that the page shows: a name on a line of its own, then the block. */
function writeFiles(text: string, folder: string): void {
  for (const [, name = '', content = ''] of text.matchAll(
    /^`([\w.-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm,
  ))
    writeFileSync(join(folder, name), content);
}

/** The package where programs of the folder find it. */
function installLibrary(folder: string): void {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(fileOf('packages/jit-dispatch'), join(folder, 'node_modules/jit-dispatch'));
}

/** Waits for what a command began: agents of a single cycle, or what a running dispatcher makes of it. */
async function settled(
  folder: string,
  { command, edits }: { command: string; edits: number },
): Promise<void> {
  if (/^jit-dispatch (once$|dispatch )/.test(command)) await agentsEnded(folder);
  if (command.startsWith('jit-dispatch start'))
    await expect.poll(() => holders(folder), { timeout: 30_000 }).not.toEqual([]);
  if (!CHANGES.test(command) || holders(folder).length === 0) return;
  const seenEdits = (): number =>
    readFileSync(join(folder, 'dispatch.log'), 'utf8').split(' config ').length - 1;
  await expect.poll(seenEdits, { timeout: 60_000 }).toBe(edits);
  await expect.poll(() => isAtRest(folder), { timeout: 60_000, interval: 200 }).toBe(true);
}

/** Nothing is under way, and what is ready waits for a person. */
async function isAtRest(folder: string): Promise<boolean> {
  // Before and after the look at runs: an issue that is claimed or given back in between is in one of them.
  const readyNow = () =>
    jitJson<{ id: string; labels: string[] }[]>(['query', 'ready'], { cwd: folder });
  const before = await readyNow();
  const asked = await runBundle('jit-dispatch', ['status', '--json'], { cwd: folder });
  // With a configuration that the tour broke nobody answers.
  if (asked.exit === 4) return true;
  const { runs, waiting, holds } = JSON.parse(asked.stdout) as {
    runs: { state: string }[];
    waiting: { issue: string; reason: string }[];
    holds: unknown[];
  };
  // What a pause kept waiting is under way again when that is over, whatever the last cycle said.
  const waitsFor = (labels: readonly string[]): RegExp | null => {
    if (labels.includes(HELD_LABEL)) return /^held$/;
    if (labels.includes(ESCALATED_LABEL)) return /^escalated$/;
    return holds.length > 0 ? /^(agents_)?paused$/ : null;
  };
  const ready = [...before, ...(await readyNow())];
  // Agents of the tour work as long as this file is there.
  const isBusy = existsSync(join(folder, 'slow'));
  return (
    runs.every(({ state }) => isBusy && state === 'running') &&
    ready.every(({ id, labels }) =>
      waiting.some(({ issue, reason }) => issue === id && waitsFor(labels)?.test(reason) === true),
    )
  );
}

/** The pids of dispatchers that run here. */
function holders(folder: string): number[] {
  const home = join(folder, '.jit-dispatch');
  if (!existsSync(home)) return [];
  return readdirSync(home).flatMap((name) => readHolder(join(home, name))?.pid ?? []);
}

/** A tour that fails half-way leaves its dispatcher running. */
function endDaemons(folder: string): void {
  onTestFinished(() => {
    for (const pid of holders(folder)) process.kill(pid, 'SIGKILL');
  });
}

/** The page's ids, short and whole, stand for those of the issue that was just made. */
async function learnIds(
  cwd: string,
  {
    text,
    words,
    expected,
  }: { text: string; words: Map<string, string>; expected: readonly string[] },
): Promise<void> {
  const page = /^created (\w+)/.exec(expected[0] ?? '')?.[1] ?? '';
  const all = await jitJson<{ id: string; short_id: string }[]>(['query', 'all'], { cwd });
  const made = all.at(-1);
  const whole = new RegExp(`\\b${page}\\w{6}\\b`).exec(text)?.[0];
  if (whole !== undefined) words.set(whole, made?.id ?? '');
  words.set(page, made?.short_id ?? '');
}

/** The page tells of a project in this folder. */
function inProject(text: string, folder: string): string {
  return text.replaceAll(realpathSync(folder), '/srv/project').replaceAll(folder, '/srv/project');
}

function plain(text: string): string[] {
  return (
    text
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/\b[0-9a-f]{32}\b/g, 'TOKEN')
      .replaceAll(/^(made) \S+$/gm, '$1 PATH')
      .replaceAll(/^(dispatcher\s+)\S+/gm, '$1HOST')
      .replaceAll(/\bpid \d+/g, 'pid PID')
      // Ids of runs begin with the time: ten years of it.
      .replaceAll(/\b01[k-t][0-9a-z]{5,23}\b/g, 'RUN')
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ').trim())
      .filter((line) => line !== '' && !TABLE_HEAD.test(line))
  );
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
