import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { JitError, usageError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { DispatchConfig } from '../config/config.ts';
import type { ConfigSource } from '../config/config-source.ts';
import { createAccounts } from '../forge/accounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Site, sitesOf } from '../sites.ts';
import { systemTimers } from '../timers.ts';
import { withoutConfig } from './setup.ts';
import type { Workbench } from './workbench.ts';

/** What a workbench is opened from. */
export interface WorkbenchParts {
  /** The configuration, as a path or as the keys of one; default `dispatch.toml`. */
  readonly config: string | Readonly<Record<string, unknown>> | undefined;
  /** The folder that paths start in; default the one this process is in. */
  readonly base?: string | undefined;
  /** The tables of agents that a program registered, so far. */
  readonly agents?: () => readonly object[];
  /** The name of the dispatcher; default as the configuration says, else the host name. */
  readonly name: string | undefined;
  /** The `.jit` folder, or the one that holds it; default as the configuration and the environment say. */
  readonly dir: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** The bundle that guards an agent. */
  readonly keeperFile: string;
  /** The address of this program's own module. */
  readonly module: string;
  /** Tells the caller something beside the answer. */
  readonly warn: (message: string) => void;
  /** Takes lines that are said at once: the log of a dispatcher, what is wrong with its configuration. */
  readonly write: (text: string) => Promise<void>;
}

const OF_A_RUN =
  /^JIT_(BRIDGE|CLAIM|ISSUE_ID|ISSUE_JSON|ISSUE_FILE|FEEDBACK_FILE|HEARTBEAT_FILE|AGENT_ID|RUN_ID|WORKSPACE|TRACKER_COMMAND|DIR|ACTOR)$/;

/** Puts together what operations work with. A configuration that can't be used is told when it is needed. */
export async function openWorkbench(parts: WorkbenchParts): Promise<Workbench> {
  const { readConfig } = await import('../config/config-source.ts');
  const { liveConfig } = await import('../config/live-config.ts');
  const { module, warn, write, agents = () => [] } = parts;
  const base = resolve(parts.base ?? '.');
  const isGiven = typeof parts.config === 'object';
  const source: ConfigSource = {
    file: resolve(base, typeof parts.config === 'string' ? parts.config : 'dispatch.toml'),
    given: typeof parts.config === 'object' ? parts.config : null,
    agents,
  };
  const setup = { file: source.file, environment: parts.environment, module };
  const written = await readConfig(source).catch((error: unknown) => {
    if (error instanceof JitError) return error;
    throw error;
  });
  const daemon =
    written instanceof JitError && !isGiven
      ? await (await import('../config-of-daemon.ts')).configOfDaemon(setup.file, parts.name)
      : null;
  const loaded = daemon?.loaded ?? written;
  if (loaded instanceof JitError) return withoutConfig(setup, loaded, warn);
  // One for the life of the process, however often a ledger is opened.
  const live = liveConfig(loaded, source);
  const { config } = loaded;
  // At once, not after the answer: `start` answers when it stops.
  if (!(written instanceof JitError))
    for (const warning of written.warnings) await write(`warning: ${warning}\n`);
  let isSaid = false;
  /** Said where that configuration is used, not by those who look at the file. */
  const sayBroken = async (): Promise<void> => {
    if (!(written instanceof JitError) || isSaid) return;
    isSaid = true;
    const { message } = written;
    await write(`warning: ${message}; used is what the running dispatcher works with\n`);
  };
  const name = daemon?.name ?? nameOf(parts.name, config);
  const home = join(config.folder, '.jit-dispatch');
  const folder = join(home, name);
  // A dispatcher may itself be started by an agent; its claim is none of ours.
  const environment = Object.fromEntries(
    Object.entries(parts.environment).filter(([variable]) => !OF_A_RUN.test(variable)),
  );
  const sites = sitesOf(config, folder);
  const opened = new Set<Ledger>();
  /** The ledgers that dispatchers of this process write: one for each file. */
  const own = new Map<string, Ledger>();
  const readers = new Map<string, { readonly inode: number; readonly ledger: Ledger }>();
  const [firstSite] = sites;
  if (firstSite === undefined) throw new Error('a dispatcher without a site');
  const now = () => new Date();
  /** What forges ask of their callers, for all that is opened here. */
  const accounts = createAccounts();
  const abort = new AbortController();
  /** How something about a site is said while its dispatcher works. */
  const sayers = new Map<Site, (message: string) => void>();
  const heard = new Set<Site>();
  const sayNoise = (site: Site, noise: string) => {
    if (heard.has(site)) return;
    heard.add(site);
    const where = site.config === null ? 'the tracker' : `the tracker of ${site.repository}`;
    const say = sayers.get(site) ?? warn;
    say(
      `${where} prints before its answers, which is passed over: ${JSON.stringify(noise.slice(0, 200))}`,
    );
  };

  const workbench: Workbench = {
    setup: { ...setup, loaded: written },
    get config() {
      return live.current();
    },
    agentNames() {
      const registered = agents().map((table) => (table as { readonly id: string }).id);
      return [...new Set([...live.current().agents.map(({ id }) => id), ...registered])];
    },
    name,
    folder,
    sites,
    async freshen() {
      if (!live.hasChanged()) return;
      for (const { level, message } of await live.refresh())
        await write(`${level === 'info' ? '' : 'warning: '}${message}\n`);
    },
    now,
    warn,
    async locateTracker(site = firstSite, labels = undefined) {
      await sayBroken();
      const forge = site.config === null ? config.tracker.forge : site.config.forge;
      if (forge !== null) {
        const { locateForge } = await import('./locate-forge.ts');
        return locateForge({
          access: forge,
          labels,
          config: () => live.current(),
          actor: `jit-dispatch:${name}`,
          keeperFile: parts.keeperFile,
          ports: {
            environment,
            timers: systemTimers,
            now: Date.now,
            accounts,
            signal: abort.signal,
          },
        });
      }
      const { locateTracker } = await import('../tracker/locate-tracker.ts');
      const own = site.config;
      const { timeoutSecs } = config.tracker;
      return locateTracker({
        command: own?.argv ?? config.tracker.argv,
        timeoutSecs,
        folder: config.folder,
        environment,
        dir:
          own === null
            ? (parts.dir ?? config.tracker.dir ?? parts.environment.JIT_DIR ?? null)
            : own.dir,
        folders: [config.folder, base],
        actor: `jit-dispatch:${name}`,
        module,
        onNoise: (noise) => sayNoise(site, noise),
      });
    },
    async readLedger(site = firstSite, isChecked = false) {
      await sayBroken();
      const file = join(site.folder, 'ledger.db');
      const inode = existsSync(file) ? statSync(file).ino : 0;
      if (inode === 0) return null;
      const known = readers.get(file);
      if (known?.inode === inode && !isChecked) return known.ledger;
      const ledger = (await import('../ledger/ledger.ts')).openLedger(file, { isChecked });
      opened.add(ledger);
      readers.set(file, { inode, ledger });
      return ledger;
    },
    makeFolder() {
      try {
        for (const site of sites)
          mkdirSync(join(site.folder, 'runs'), { recursive: true, mode: 0o700 });
        const ignore = join(home, '.gitignore');
        if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new JitError('external', 'LEDGER_UNUSABLE', `${home} can't be used: ${why}`, {
          hint: 'It has to be a folder that can be written.',
          cause: error,
        });
      }
    },
    async openDispatcher(options, site = firstSite) {
      // Nothing is started with what only a daemon that may be gone by now was told.
      if (written instanceof JitError) throw written;
      const { openDispatcher, openOwnLedger } = await import('./open-dispatcher.ts');
      const { repository, isRetired = false } = site;
      const locate = () => workbench.locateTracker(site, options.choosing?.labelFilter);
      const { locateLater } = await import('../tracker/locate-later.ts');
      // Of several repositories one may be away; the others are dispatched.
      const located =
        sites.length === 1 && !isRetired ? await locate() : locateLater(locate, config.folder);
      const file = join(site.folder, 'ledger.db');
      own.get(file)?.close();
      const { ledger, news } = openOwnLedger({ folder: site.folder, environment, now });
      own.set(file, ledger);
      const say = (text: string) => void write(text).catch(() => {});
      const { keeperFile } = parts;
      const dispatcher = openDispatcher(
        {
          name,
          repository,
          live,
          isRetired,
          folder: site.folder,
          keeperFile,
          environment,
          ledger,
          located,
          now,
          write: say,
        },
        options,
      );
      if (options.logFormat !== null)
        sayers.set(site, (message) => dispatcher.log({ level: 'warn', event: 'tracker', message }));
      if (news !== null) {
        const { nameUnknownClaims } = await import('../daemon/recovery/name-unknown-claims.ts');
        for (const message of [news, ...(await nameUnknownClaims(dispatcher))]) {
          if (options.logFormat === null)
            say(`warning: ${site.config === null ? '' : `${repository}: `}${message}\n`);
          else dispatcher.log({ level: 'error', event: 'ledger', message });
        }
      }
      return dispatcher;
    },
    close() {
      abort.abort();
      for (const ledger of [...opened, ...own.values()]) ledger.close();
    },
  };
  return workbench;
}

function nameOf(asked: string | undefined, config: DispatchConfig): string {
  const problem = asked === undefined ? null : idProblem(asked);
  if (problem !== null) throw usageError(`--name: ${problem}`);
  const host = hostname().replace(/[^A-Za-z0-9._-]/g, '-');
  return asked ?? config.name ?? (idProblem(host) === null ? host : 'dispatcher');
}
