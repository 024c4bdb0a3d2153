import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cannotWrite } from './errors.ts';
import { GIT_FILES } from './git-files.ts';
import { layoutOf } from './layout.ts';

/** The files of a new tracker, by path inside `.jit`. */
const FILES: Readonly<Record<string, string>> = {
  'config.toml': '# Settings of this tracker.\nschema = 1\n',
  ...GIT_FILES,
};

/** Makes what is missing of the tracker at this path; what is there stays. Returns whether anything was made. */
export function initTracker(root: string): boolean {
  const { issues, gates, events } = layoutOf(root);
  let changed = false;
  try {
    for (const folder of [issues, gates, events]) {
      changed = mkdirSync(folder, { recursive: true }) !== undefined || changed;
    }
    for (const [name, text] of Object.entries(FILES)) {
      const path = join(root, name);
      if (existsSync(path)) continue;
      writeFileSync(path, text);
      changed = true;
    }
  } catch (error) {
    throw cannotWrite(error, root);
  }
  return changed;
}
