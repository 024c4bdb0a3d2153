import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stateFolder } from './state-folder.ts';

/** What became of a process. */
export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

const BUNDLES = {
  jit: new URL('../../jit/bin/jit.js', import.meta.url),
  'jit (test build)': new URL('../../jit/dist-test/main.cjs', import.meta.url),
  'jit-dispatch': new URL('../../jit-dispatch/bin/jit-dispatch.js', import.meta.url),
} as const;

/** The bundles that tests start, as users get them; the test build also knows the named steps of a write. */
export type Bundle = keyof typeof BUNDLES;

/** The path of a bundle. Errors if it was not built. */
export function bundlePath(bundle: Bundle): string {
  const path = fileURLToPath(BUNDLES[bundle]);
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build`);
  return path;
}

/** The environment of a test's process: this one's without what would change jit's behaviour. */
export function cleanEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(JIT_|VITEST|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|FORCE_COLOR)/.test(entry[0]),
  );
  const own = { JIT_ACTOR: 'tester', XDG_STATE_HOME: stateFolder() };
  return { ...Object.fromEntries(kept), ...own, ...more };
}

/** Starts a bundle as a process of its own. */
export function startBundle(
  bundle: Bundle,
  argv: readonly string[],
  options: StartOptions = {},
): ChildProcess {
  return spawn(process.execPath, [bundlePath(bundle), ...argv], {
    cwd: options.cwd,
    env: cleanEnv(options.env),
    stdio: 'pipe',
  });
}

/** Runs a bundle to its end. */
export async function runBundle(
  bundle: Bundle,
  argv: readonly string[],
  options: StartOptions = {},
): Promise<Ended> {
  return collect(startBundle(bundle, argv, options), options.stdin);
}

/** Waits for the end of a process and collects what it printed. */
export function collect(child: ChildProcess, stdin = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
    child.stdin?.on('error', () => {}); // the process may end before it reads
    child.stdin?.end(stdin);
  });
}

/** Runs `jit … --json` and returns its document. Errors if the exit code is another one. */
export async function jitJson<T>(
  argv: readonly string[],
  options: StartOptions = {},
  exit = 0,
): Promise<T> {
  const ended = await runBundle('jit', [...argv, '--json'], options);
  if (ended.exit !== exit) {
    throw new Error(
      `jit ${argv.join(' ')} ended with ${ended.exit ?? ended.signal}: ${ended.stdout}${ended.stderr}`,
    );
  }
  return JSON.parse(ended.stdout);
}
