import { resolve } from 'node:path';
import type { ForgeAccess, ForgesConfig } from './forges.ts';
import type { Problem } from './problem.ts';
import type { DispatchFile } from './schema.ts';

/** Turns the tables of forges into their configuration; null for one that names no repository. */
export function checkForges(
  written: DispatchFile,
  { folder, problems }: { readonly folder: string; readonly problems: Problem[] },
): ForgesConfig {
  const access = (kind: 'github' | 'gitea'): ForgeAccess | null => {
    const { repository, url, token_env, token_file, timeout_secs } = written[kind];
    if (repository === undefined) return null;
    if (url !== undefined && (new URL(url).username !== '' || new URL(url).password !== ''))
      problems.push({
        path: [kind, 'url'],
        message: 'holds a password: name a variable in token_env instead',
      });
    if (kind === 'gitea' && url === undefined)
      problems.push({
        path: [kind, 'url'],
        message: 'is missing: it is the address of the server',
      });
    return {
      kind,
      repository,
      url: url ?? null,
      token: token_file === undefined ? { env: token_env } : { file: resolve(folder, token_file) },
      timeoutSecs: timeout_secs,
    };
  };
  return { github: access('github'), gitea: access('gitea') };
}
