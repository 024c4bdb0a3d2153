import type { ForgeAccess } from '../config/forges.ts';
import { createAccounts } from '../forge/accounts.ts';
import type { Actions } from '../forge/actions.ts';
import type { Forge } from '../forge/forge.ts';
import type { ForgeOptions, ForgePorts } from '../forge/forge-options.ts';
import { openActions, openGitea, openGithub } from '../forge/open-forge.ts';
import type { Means } from './kind.ts';

/** The repository of a forge that an agent works in. */
export function openForge(access: ForgeAccess, means: Means): Promise<Forge> {
  const open = access.kind === 'github' ? openGithub : openGitea;
  return open(optionsOf(access), portsOf(means));
}

/** The workflows of such a repository. */
export function openWorkflows(access: ForgeAccess, means: Means): Promise<Actions> {
  return openActions(optionsOf(access), portsOf(means));
}

function optionsOf({ url, repository, token, timeoutSecs }: ForgeAccess): ForgeOptions {
  return { url, repository, token, timeoutMs: timeoutSecs * 1000 };
}

function portsOf({ environment, timers, now }: Means): ForgePorts {
  const { signal } = new AbortController();
  return { environment, timers, now, accounts: createAccounts(), signal };
}
