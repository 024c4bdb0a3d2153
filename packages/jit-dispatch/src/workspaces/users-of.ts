import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * Processes that have a folder, or something in it, as working folder or open file. Linux only, and
 * only those that may be looked at: elsewhere none is found.
 */
export function usersOf(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const isIn = (path: string): boolean => path === folder || path.startsWith(folder + sep);
  return names('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const files = names(`/proc/${pid}/fd`).map((file) => `fd/${file}`);
    const isUser = ['cwd', 'root', ...files].some((link) => isIn(target(`/proc/${pid}/${link}`)));
    return isUser ? [pid] : [];
  });
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
