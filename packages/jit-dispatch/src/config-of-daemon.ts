import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LiveConfig } from './config/live-config.ts';
import type { LoadedConfig } from './config/load.ts';
import { readHolder } from './daemon/lifecycle/instance-lock.ts';
import { readRecord, writeRecord } from './keeper/records.ts';

const FILE = 'config.json';

/** Keeps the configuration that a daemon works with in its folder, each time it has become another one. */
export function keepConfig(folder: string, live: LiveConfig): () => void {
  let kept: string | null = null;
  return () => {
    const text = live.text();
    if (text === kept) return;
    try {
      writeRecord(join(folder, FILE), { text });
      kept = text;
    } catch {
      // It is only for those who look while the file is broken.
    }
  };
}

/**
 * The configuration that a running daemon works with, while its file is broken: it can be looked at and given
 * orders all the same. Null where no daemon runs beside that file, or several do and none was named.
 */
export async function configOfDaemon(
  file: string,
  asked: string | undefined,
): Promise<{ readonly name: string; readonly loaded: LoadedConfig } | null> {
  const home = join(dirname(file), '.jit-dispatch');
  const names = existsSync(home) ? readdirSync(home) : [];
  const running = names.filter(
    (name) =>
      (asked === undefined || name === asked) && readHolder(join(home, name))?.command === 'start',
  );
  const [name] = running;
  if (name === undefined || running.length > 1) return null;
  const text = readRecord<{ text: string }>(join(home, name, FILE))?.text;
  if (typeof text !== 'string') return null;
  const { parseConfig } = await import('./config/load.ts');
  // Its template may be what is broken; who looks and orders needs none.
  const loaded = await parseConfig(file, text, { isTemplateRead: false }).catch(() => null);
  return loaded && { name, loaded };
}
