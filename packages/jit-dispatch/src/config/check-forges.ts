import { resolve } from 'node:path';
import type { DispatchConfig } from './config.ts';
import type { ForgeAccess, ForgesConfig } from './forges.ts';
import type { KeyPath } from './locate-key.ts';
import type { Problem } from './problem.ts';
import type { DispatchFile } from './schema.ts';

interface Place {
  readonly folder: string;
  readonly problems: Problem[];
}

/** Turns the tables of forges into their configuration; null for one that names no repository. */
export function checkForges(written: DispatchFile, place: Place): ForgesConfig {
  const access = (kind: ForgeAccess['kind']): ForgeAccess | null => {
    const { repository, url } = written[kind];
    if (repository === undefined) return null;
    if (url !== undefined && (new URL(url).username !== '' || new URL(url).password !== ''))
      place.problems.push({
        path: [kind, 'url'],
        message: 'holds a password: name a variable in token_env instead',
      });
    refuseNoAddress(written, kind, place);
    return accessOf(written, kind, { repository, folder: place.folder });
  };
  return { github: access('github'), gitea: access('gitea') };
}

/** What `[tracker]` says about a forge. */
export function checkForgeTracker(
  written: DispatchFile,
  place: Place,
): Pick<DispatchConfig['tracker'], 'forge' | 'agentLabel' | 'assign' | 'accounts'> {
  const { kind, command, dir, agent_label: agentLabel, assign = null, accounts } = written.tracker;
  const common = { agentLabel, assign, accounts };
  if (kind === 'jit') return { forge: null, ...common };
  for (const [key, value] of Object.entries({ command, dir }))
    if (value !== undefined)
      place.problems.push({ path: ['tracker', key], message: `is for jit, and kind is "${kind}"` });
  return { forge: forgeOf(written, kind, { path: ['tracker', 'kind'], ...place }), ...common };
}

/** The forge of a tracker; its repository by default that of the forge's table. */
export function forgeOf(
  written: DispatchFile,
  kind: ForgeAccess['kind'],
  {
    repository = written[kind].repository,
    path,
    ...place
  }: Place & { readonly path: KeyPath; readonly repository?: string | undefined },
): ForgeAccess | null {
  if (repository === undefined) {
    const message = `needs the repository: [${kind}] repository = "owner/name"`;
    place.problems.push({ path, message });
    return null;
  }
  // Where the table names one, its address was looked at already.
  if (written[kind].repository === undefined) refuseNoAddress(written, kind, place);
  return accessOf(written, kind, { repository, folder: place.folder });
}

function accessOf(
  written: DispatchFile,
  kind: ForgeAccess['kind'],
  { repository, folder }: { readonly repository: string; readonly folder: string },
): ForgeAccess {
  const { url, token_env, token_file, timeout_secs } = written[kind];
  return {
    kind,
    repository,
    url: url ?? null,
    token: token_file === undefined ? { env: token_env } : { file: resolve(folder, token_file) },
    timeoutSecs: timeout_secs,
  };
}

function refuseNoAddress(
  written: DispatchFile,
  kind: ForgeAccess['kind'],
  { problems }: Place,
): void {
  if (kind === 'gitea' && written.gitea.url === undefined)
    problems.push({ path: [kind, 'url'], message: 'is missing: it is the address of the server' });
}
