import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { type LoadedConfig, parseConfig } from './config/load.ts';
import { readHolder } from './daemon/lifecycle/instance-lock.ts';
import { readRecord, writeRecord } from './keeper/records.ts';

const FILE = 'last-good-config.json';

/** Keeps the text of the configuration in effect in the folder of its dispatcher. A full disk costs only this. */
export function keepLastGood(folder: string, text: string): void {
  try {
    writeRecord(join(folder, FILE), { text });
  } catch {
    // Whoever looks meets the broken file then, and is told what is wrong with it.
  }
}

/**
 * The configuration that a running daemon goes on with although its file is broken by now, so that it can
 * still be looked at and stopped. Null where there is none.
 * @param file the broken file
 * @param nameOf the name under which a command with that configuration looks for its dispatcher
 */
export async function findLastGood(
  file: string,
  nameOf: (loaded: LoadedConfig) => string,
): Promise<LoadedConfig | null> {
  const home = join(dirname(file), '.jit-dispatch');
  if (!existsSync(home)) return null;
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    if (readHolder(folder)?.command !== 'start') continue;
    const text = readRecord<{ text?: string }>(join(folder, FILE))?.text;
    if (text === undefined) continue;
    try {
      // Its template may be what is broken; who looks and orders needs none.
      const loaded = await parseConfig(file, text, { isTemplateRead: false });
      if (nameOf(loaded) === name) return loaded;
    } catch (error) {
      if (!(error instanceof JitError)) throw error;
    }
  }
  return null;
}
