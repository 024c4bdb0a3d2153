import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** Which `jit` to run, and what agents need on their PATH to run the same one. */
export interface FoundProgram {
  readonly argv: readonly string[];
  /** A folder to put in front of PATH, where `jit` is not on it. */
  readonly pathFolder: string | null;
}

/** Finds `jit`: on PATH, else the one installed beside this program, else just its name. */
export function findProgram(pathVariable: string, module: string): FoundProgram {
  if (isOnPath('jit', pathVariable)) return { argv: ['jit'], pathFolder: null };
  const script = resolveBeside(module);
  if (script === null) return { argv: ['jit'], pathFolder: null };
  return { argv: [process.execPath, script], pathFolder: binFolder(dirname(script), module) };
}

/** Whether a program of this name is in one of the folders of PATH. */
export function isOnPath(name: string, pathVariable: string): boolean {
  return pathVariable.split(delimiter).some((folder) => {
    const path = join(folder, name);
    return isAbsolute(folder) && isExecutable(path);
  });
}

/** Whether a file is there that can be started. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function resolveBeside(module: string): string | null {
  try {
    const manifest = createRequire(module).resolve('jit/package.json');
    const script = join(dirname(manifest), 'bin', 'jit.js');
    return existsSync(script) ? script : null;
  } catch {
    return null;
  }
}

/** The nearest `node_modules/.bin` that has a `jit`, looking upwards from this program. */
function binFolder(scriptFolder: string, module: string): string | null {
  for (const start of [new URL('.', module).pathname, scriptFolder]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const bin = join(folder, 'node_modules', '.bin');
      if (isExecutable(join(bin, 'jit'))) return bin;
      if (dirname(folder) === folder) break;
    }
  }
  return null;
}
