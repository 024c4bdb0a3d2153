import { onTestFinished } from 'vitest';
import { createAccounts } from '../../src/forge/accounts.ts';
import type { Forge } from '../../src/forge/forge.ts';
import type { ForgeOptions, ForgePorts } from '../../src/forge/forge-options.ts';
import { openGitea, openGithub } from '../../src/forge/open-forge.ts';
import type { Timers } from '../../src/timers.ts';
import type { ForgeServer } from './forge-server.ts';
import { startGitea } from './gitea-server.ts';
import type { GiteaServing } from './gitea-serving.ts';
import { type GithubServing, startGithub } from './github-server.ts';

/** A forge with the server behind it, and the time around it. */
export interface OpenForge<Server extends ForgeServer = ForgeServer> {
  readonly forge: Forge;
  readonly server: Server;
  readonly time: TestTime;
  /** Another one of the same account. */
  again(facts?: Partial<ForgeOptions>): Promise<Forge>;
  /** One with that environment, of which nothing is known yet. */
  openWith(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Forge>;
}

/** Pauses of this length or shorter go by at once; longer ones are time limits. */
const LONGEST_PAUSE_MS = 10_000;

/** Time in which pauses cost none, time limits end by hand, and the clock is put forward by hand. */
export interface TestTime extends Pick<ForgePorts, 'timers' | 'now'> {
  /** All pauses, in milliseconds. */
  readonly pauses: number[];
  forward(ms: number): void;
  /** All time limits of what is under way are over. */
  expire(): void;
}

export function createTestTime(): TestTime {
  const pauses: number[] = [];
  let ahead = 0;
  const limits = new Set<() => void>();
  const timers: Timers = {
    after(ms, callback) {
      if (ms > LONGEST_PAUSE_MS) {
        limits.add(callback);
        return () => void limits.delete(callback);
      }
      pauses.push(ms);
      const timer = setTimeout(callback, 0);
      return () => clearTimeout(timer);
    },
    every: () => () => {},
  };
  return {
    pauses,
    timers,
    now: () => Date.now() + ahead,
    forward(ms) {
      ahead += ms;
    },
    expire() {
      for (const end of limits) end();
    },
  };
}

/** What a forge needs from around it, in a test. */
export function forgePorts(
  time: TestTime,
  environment: NodeJS.ProcessEnv = { FORGE_TOKEN: 'token-of-robot' },
): ForgePorts {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const { timers, now } = time;
  return { environment, timers, now, accounts: createAccounts(), signal: abort.signal };
}

/** Both forges, so that a test can be of each. */
export const FORGES = {
  github: async (serving: GithubServing & GiteaServing = {}) =>
    open(openGithub, await startGithub(serving)),
  gitea: async (serving: GithubServing & GiteaServing = {}) =>
    open(openGitea, await startGitea(serving)),
};

async function open<Server extends ForgeServer>(
  adapter: (options: ForgeOptions, ports: ForgePorts) => Promise<Forge>,
  server: Server,
): Promise<OpenForge<Server>> {
  const time = createTestTime();
  const ports = forgePorts(time);
  const options: ForgeOptions = {
    url: server.url,
    repository: `${server.repository.owner}/${server.repository.name}`,
    token: { env: 'FORGE_TOKEN' },
    timeoutMs: 30_000,
  };
  return {
    forge: await adapter(options, ports),
    server,
    time,
    again: (facts = {}) => adapter({ ...options, ...facts }, ports),
    openWith: (environment, signal) => {
      const others = forgePorts(time, environment);
      return adapter(options, signal === undefined ? others : { ...others, signal });
    },
  };
}
