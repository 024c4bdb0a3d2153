import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * A shell command that starts this program wherever git runs it: `jit` where PATH leads to one that
 * knows merge drivers, else Node and the file of this program.
 */
export function ownCommand(path: string | undefined): string {
  const found = (path ?? '')
    .split(delimiter)
    // What only package runners put on PATH is not there when git is called by hand.
    .filter((folder) => isAbsolute(folder) && !/[/\\]node_modules[/\\]\.bin[/\\]?$/.test(folder))
    .map((folder) => join(folder, 'jit'))
    .find(isProgram);
  if (found !== undefined && knowsMergeDriver(found)) return 'jit';
  return [process.execPath, realpathSync(process.argv[1] ?? '')].map(quoted).join(' ');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Another program may be called jit, too. */
function knowsMergeDriver(program: string): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const ended = spawnSync(program, ['merge-driver', '--help'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
  return ended.status === 0 && ended.stdout.includes('merge-driver %O %A %B %P');
}

/** One word for sh; git replaces %-letters before sh sees them. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%');
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `'${escaped.replaceAll("'", "'\\''")}'`;
}
