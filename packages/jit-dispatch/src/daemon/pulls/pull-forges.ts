import type { ForgeAccess } from '../../config/forges.ts';
import { createAccounts } from '../../forge/accounts.ts';
import type { Forge } from '../../forge/forge.ts';
import type { ForgePorts } from '../../forge/forge-options.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** The forges of a process, each opened when it is first needed. */
export type PullForges = (dispatcher: Dispatcher, access: ForgeAccess) => Promise<Forge>;

/** Nothing is opened or known yet. `signal` ends every request. */
export function createPullForges(signal: AbortSignal): PullForges {
  const accounts = createAccounts();
  const opened = new Map<string, Promise<Forge>>();
  return ({ environment, timers, now }, access) => {
    const key = JSON.stringify(access);
    const known = opened.get(key);
    if (known !== undefined) return known;
    const forge = open(access, {
      environment,
      timers,
      now: () => now().getTime(),
      accounts,
      signal,
    });
    opened.set(key, forge);
    return forge;
  };
}

async function open(
  { kind, url, repository, token, timeoutSecs }: ForgeAccess,
  ports: ForgePorts,
): Promise<Forge> {
  const { openGitea, openGithub } = await import('../../forge/open-forge.ts');
  const options = { url, repository, token, timeoutMs: timeoutSecs * 1000 };
  return kind === 'github' ? openGithub(options, ports) : openGitea(options, ports);
}
