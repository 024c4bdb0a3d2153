import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { openLedger } from '../ledger/ledger.ts';
import { readSpec } from '../runners/read-run.ts';
import type { Site } from '../sites.ts';

/**
 * Repositories that are configured no more, and have live runs of this dispatcher: these are still settled,
 * over the way to the tracker that they were started with. Nothing is started there.
 * @param folder the dispatcher's own
 */
export function retiredSites(folder: string, sites: readonly Site[]): readonly Site[] {
  const parent = join(folder, 'repositories');
  const names = existsSync(parent) ? readdirSync(parent) : [];
  const others = names.map((name) => ({ name, own: join(parent, name) }));
  const known = new Set(sites.map((site) => site.folder));
  return [{ name: '', own: folder }, ...others].flatMap(({ name, own }) =>
    known.has(own) ? [] : (retiredSite(name, own) ?? []),
  );
}

function retiredSite(repository: string, folder: string): Site | null {
  const [run] = liveRuns(folder);
  const tracker = run === undefined ? undefined : readSpec(join(folder, 'runs', run))?.tracker;
  if (tracker === undefined) return null;
  const { argv, suffix, env } = tracker;
  const dir = env.JIT_DIR ?? suffix[suffix.indexOf('--dir') + 1] ?? null;
  const config = { name: repository, weight: 1, argv, dir, forge: null };
  return { repository, weight: 1, folder, config, isRetired: true };
}

function liveRuns(folder: string): readonly string[] {
  const file = join(folder, 'ledger.db');
  if (!existsSync(file)) return [];
  try {
    const ledger = openLedger(file);
    try {
      return ledger.liveRuns().flatMap(({ run, state }) => (state === 'created' ? [] : run));
    } finally {
      ledger.close();
    }
  } catch (error) {
    // What can't be read is not put in the way of those that are configured.
    if (error instanceof JitError) return [];
    throw error;
  }
}
