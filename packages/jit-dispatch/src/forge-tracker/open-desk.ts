import type { ForgePorts } from '../forge/forge-options.ts';
import { openGitea, openGithub } from '../forge/open-forge.ts';
import type { Desk } from './desk.ts';
import type { ForgeTrackerOptions } from './options.ts';
import { createView } from './view.ts';

/** What a tracker on a forge needs from around it. */
export interface DeskPorts extends ForgePorts {
  /** Told where a test may end the program. */
  readonly step: (name: string) => void;
}

/**
 * Opens a tracker on a forge. Nothing is asked yet.
 * @param options the labels of the filter are asked for each time
 */
export async function openDesk(
  options: () => ForgeTrackerOptions,
  ports: DeskPorts,
): Promise<Desk> {
  const { kind, repository, url, token, timeout_secs, accounts } = options();
  const open = kind === 'github' ? openGithub : openGitea;
  const forge = await open({ url, repository, token, timeoutMs: timeout_secs * 1000 }, ports);
  const rules = () => {
    const { labels, agent_label: agentLabel, assign } = options();
    return { kind, labels, agentLabel, assign };
  };
  const view = createView({ forge, rules, accounts, now: ports.now });
  return { forge, view, rules, step: ports.step };
}
