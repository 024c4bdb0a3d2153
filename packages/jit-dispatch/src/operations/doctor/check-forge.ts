import { JitError } from '@jit/contract/errors';
import type { ForgeAccess } from '../../config/forges.ts';
import { createAccounts } from '../../forge/accounts.ts';
import type { Forge } from '../../forge/forge.ts';
import { openGitea, openGithub } from '../../forge/open-forge.ts';
import { systemTimers } from '../../timers.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { type Check, failed, warning, well } from './check.ts';

type Site = Workbench['sites'][number];

/** The forge whose issues are those of a site; null: they are those of jit. */
export function forgeOf({ config }: Pick<Workbench, 'config'>, site: Site): ForgeAccess | null {
  return site.config === null ? config.tracker.forge : site.config.forge;
}

/**
 * A forge: whose token it is, whether it shows the repository, and whether the labels of the filter exist. Whether it
 * may write is only known when it does.
 */
export async function checkForge(
  workbench: Workbench,
  site: Site,
  { name, forge: access }: { readonly name: string; readonly forge: ForgeAccess },
): Promise<Check[]> {
  const { choosing, tracker } = workbench.config;
  const forge = await open(workbench, access);
  const [who, labels, ready] = await Promise.all([
    forge.whoAmI().catch(asUnnamed),
    forge.listLabels(),
    (await workbench.locateTracker(site)).tracker.ready(),
  ]);
  const checks = [
    well(name, `${forge.name} as ${who ?? tracker.accounts.join(', ')}, ${ready.length} ready`),
  ];
  const { accounts } = tracker;
  const isOurs = accounts.some((each) => each.toLowerCase() === who?.toLowerCase());
  if (who !== null && accounts.length > 0 && !isOurs)
    checks.push(
      failed(
        name,
        `${who}, whose token it is, is not among accounts`,
        'name it there: else its own claims do not count',
      ),
    );
  const known = new Set(labels.map((label) => label.name));
  const missing = choosing.labelFilter.filter((label) => !known.has(label));
  if (missing.length > 0)
    checks.push(
      warning(
        name,
        `no issue can have ${missing.join(', ')}: the repository has no such label`,
        'make the label, or change label_filter',
      ),
    );
  return checks;
}

function open(
  { setup }: Workbench,
  { kind, timeoutSecs, ...options }: ForgeAccess,
): Promise<Forge> {
  const adapter = kind === 'github' ? openGithub : openGitea;
  return adapter(
    { ...options, timeoutMs: timeoutSecs * 1000 },
    {
      environment: setup.environment,
      timers: systemTimers,
      now: Date.now,
      accounts: createAccounts(),
      signal: new AbortController().signal,
    },
  );
}

/** Tokens of apps belong to nobody; whose claims count is said in the configuration then. */
function asUnnamed(error: unknown): null {
  if (error instanceof JitError && error.code === 'FORGE_FORBIDDEN') return null;
  throw error;
}
