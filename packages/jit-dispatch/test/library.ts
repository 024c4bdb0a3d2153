import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, collect, type Ended } from '@jit/testkit/processes';
import { expect, onTestFinished } from 'vitest';
import type { DispatcherConfig, DispatcherOptions, JitDispatcher, JitError } from '../src/index.ts';
import type { Repository } from './repository.ts';

const LIBRARY = new URL('../dist/index.js', import.meta.url).href;

/** The library as users get it. */
export const library = (await import(LIBRARY)) as typeof import('../src/index.ts');

/** A dispatcher of this process for a repository; closed when the test ends. */
export function dispatcherFor(
  { root, env }: Repository,
  config?: string | DispatcherConfig,
  options: DispatcherOptions = {},
): JitDispatcher {
  const environment = cleanEnv(env);
  const dispatcher = library.createDispatcher(config, { folder: root, environment, ...options });
  onTestFinished(() => dispatcher.close());
  return dispatcher;
}

/** What a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<JitError> {
  const error = await call.then(
    (value) => expect.fail(`was not refused: ${JSON.stringify(value)}`),
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(library.JitError);
  return error as JitError;
}

/** Runs a program that uses the library, in a process of its own. */
export function runProgram(
  { root, env }: Repository,
  source: string,
): { readonly pid: number; readonly ended: Promise<Ended>; readonly output: () => string } {
  const file = join(root, 'program.mjs');
  writeFileSync(file, `import { createDispatcher } from ${JSON.stringify(LIBRARY)};\n${source}`);
  const child = spawn(process.execPath, [file], { cwd: root, env: cleanEnv(env), stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  const ended = collect(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { pid: child.pid ?? 0, ended, output: () => output };
}
