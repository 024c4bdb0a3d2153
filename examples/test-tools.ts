import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePath, jitJson } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';

/** The path of a file of this repository. */
export function fileOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The text of a file of this repository. */
export function textOf(path: string): string {
  return readFileSync(fileOf(path), 'utf8');
}

/** Whether a program of the machine is there, and new enough by its own word. */
export function has(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** A folder, with a tracker unless told otherwise, and `jit` and `jit-dispatch` first on PATH. */
export async function project({ init = true } = {}): Promise<{
  folder: string;
  env: Record<string, string>;
}> {
  const folder = tempFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const program of ['jit', 'jit-dispatch'] as const) {
    const path = join(bin, program);
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${bundlePath(program)}" "$@"\n`);
    chmodSync(path, 0o755);
  }
  if (init) await jitJson(['init'], { cwd: folder });
  return { folder, env: { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, JIT_DIR: folder } };
}

/** The fenced blocks of a page that are written in this language. */
export function blocksOf(path: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...textOf(path).matchAll(fence)].map(([, block = '']) => block);
}
