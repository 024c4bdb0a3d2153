import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CycleOutput, RunOutput } from '@jit/contract/outputs/dispatch';
import type { IssueItemOutput } from '@jit/contract/outputs/issue';
import {
  bundlePath,
  cleanEnv,
  collect,
  type Ended,
  jitJson,
  runBundle,
  startBundle,
} from '@jit/testkit/processes';
import type { Ended as EndedHere } from '@jit/testkit/run-in-process';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished } from 'vitest';
import { findMarked } from '../src/keeper/identity.ts';
import { canBeInProcess, dispatchInProcess, jitInProcess } from './in-process.ts';
import { end, endRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

/** A real repository with the real jit on PATH, and a dispatcher to start in it. */
export interface Repository {
  readonly root: string;
  /** What programs that are started in it need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes an executable script and gives its path. */
  script(name: string, text: string): string;
  configure(toml: string): void;
  /** Changes what it is configured with. */
  reconfigure(change: (text: string) => string): void;
  create(title: string, ...more: readonly string[]): Promise<string>;
  issues(): Promise<IssueItemOutput[]>;
  issue(id: string): Promise<IssueItemOutput>;
  jit<T>(argv: readonly string[], exit?: number): Promise<T>;
  /** One cycle, in this process. */
  once(...more: readonly string[]): Promise<CycleOutput>;
  /** One cycle in a process of its own, as cron would start it. */
  onceByItself(...more: readonly string[]): Promise<CycleOutput>;
  dispatch(...argv: readonly string[]): Promise<Ended>;
  dispatchWith(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ended>;
  /** One cycle of the test build, with an environment that kills it somewhere. */
  crash(env: Readonly<Record<string, string>>): Promise<Ended>;
  runs(...more: readonly string[]): Promise<RunOutput[]>;
  start(...more: readonly string[]): Daemon;
}

/** A running `jit-dispatch start`. */
export interface Daemon {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly log: () => string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const TEST_BUILD = fileURLToPath(new URL('../dist-test/start.cjs', import.meta.url));

/** The environment in which agents, too, find the jit of this build. */
function environment(root: string): Record<string, string> {
  const bin = join(root, 'bin');
  return { PATH: [bin, process.env.PATH].join(delimiter), JIT_TEST_ROOT: root };
}

/** Makes a repository that is taken down with everything in it when the test ends. */
export async function createRepository(): Promise<Repository> {
  const root = tempFolder();
  const env = environment(root);
  const daemons: Daemon[] = [];
  onTestFinished(async () => {
    for (const daemon of daemons) daemon.process.kill('SIGKILL');
    await Promise.all(daemons.map((daemon) => daemon.ended));
    for (const folder of runFolders(root)) endRun(folder, basename(folder));
    // A killed daemon or keeper may leave a jit that still writes here.
    await until('every process of the test has ended', () => {
      const left = findMarked('JIT_TEST_ROOT', root);
      for (const { pid } of left) end(pid);
      return left.length === 0;
    });
  });
  const options = { cwd: root, env };
  const answerOf = <T>(words: readonly string[], done: Ended | EndedHere): T => {
    expect(done, `${words.join(' ')}: ${done.stdout}${done.stderr}`).toMatchObject({ exit: 0 });
    return JSON.parse(done.stdout) as T;
  };
  const byItself = async <T>(words: readonly string[]): Promise<T> =>
    answerOf(words, await runBundle('jit-dispatch', [...words, '--json'], options));
  const here = async <T>(words: readonly string[]): Promise<T> =>
    answerOf(words, await dispatchInProcess({ root, env }, [...words, '--json']));
  const jit = async <T>(argv: readonly string[], exit = 0): Promise<T> => {
    if (!canBeInProcess(argv)) return jitJson<T>(argv, options, exit);
    const done = await jitInProcess({ root, env }, [...argv, '--json']);
    expect(done, `jit ${argv.join(' ')}: ${done.stdout}${done.stderr}`).toMatchObject({ exit });
    return JSON.parse(done.stdout) as T;
  };

  const repository: Repository = {
    root,
    env,
    script(name, text) {
      const path = join(root, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    },
    reconfigure(change) {
      const file = join(root, 'dispatch.toml');
      writeFileSync(file, change(readFileSync(file, 'utf8')));
    },
    configure: (toml) => writeFileSync(join(root, 'dispatch.toml'), `name = "test"\n${toml}`),
    async create(title, ...more) {
      return (await jit<{ id: string }>(['issue', 'create', '-t', title, ...more])).id;
    },
    issues: () => jit(['query', 'all']),
    issue: (id) => jit(['issue', 'show', id]),
    jit,
    once: (...more) => here(['once', ...more]),
    onceByItself: (...more) => byItself(['once', ...more]),
    dispatch: (...argv) => runBundle('jit-dispatch', argv, options),
    dispatchWith: (more, ...argv) =>
      runBundle('jit-dispatch', argv, { cwd: root, env: { ...env, ...more } }),
    crash: (more) =>
      collect(
        spawn(process.execPath, [TEST_BUILD, 'once'], {
          cwd: root,
          env: cleanEnv({ ...env, ...more }),
          stdio: 'pipe',
        }),
      ),
    runs: (...more) => here(['runs', ...more]),
    start(...more) {
      const child = startBundle('jit-dispatch', ['start', ...more], options);
      let log = '';
      child.stderr?.on('data', (text) => {
        log += text;
      });
      const ended = collect(child);
      const daemon: Daemon = {
        process: child,
        ended,
        log: () => log,
        stop(signal = 'SIGTERM') {
          child.kill(signal);
          return ended;
        },
      };
      daemons.push(daemon);
      return daemon;
    },
  };
  mkdirSync(join(root, 'bin'));
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${bundlePath('jit')}" "$@"\n`;
  repository.script('bin/jit', shim);
  await jitJson(['init'], options);
  return repository;
}
