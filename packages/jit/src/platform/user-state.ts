import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** What of the environment says where a user's state is kept. */
export interface UserEnv {
  readonly XDG_STATE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/**
 * Where this program keeps what belongs to a user on a machine and to no repository:
 * `$XDG_STATE_HOME/jit`, else `~/.local/state/jit`. Null where the user has no home.
 */
export function userStateFolder({ XDG_STATE_HOME, HOME }: UserEnv): string | null {
  // The specification has relative paths ignored.
  if (XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME))
    return join(XDG_STATE_HOME, 'jit');
  const home = HOME || homeOfUser();
  return home === null || !isAbsolute(home) ? null : join(home, '.local', 'state', 'jit');
}

function homeOfUser(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** True if there is such a file. */
export function hasState(path: string): boolean {
  return existsSync(path);
}

/** Writes a file that only this user reads, with the folders above it. Returns why it could not, or null. */
export function writeState(path: string, text: string): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
