import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { commandFor } from '@jit/cli-kit/define-command';
import { outputGlobals } from '@jit/cli-kit/globals';
import type { Io } from '@jit/cli-kit/io';
import type { InferredOptions } from '@jit/cli-kit/option-spec';
import { JitError, usageError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { DispatchConfig } from './config/config.ts';
import type { LiveConfig } from './config/live-config.ts';
import type { Dispatcher } from './daemon/dispatcher.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { OpenOptions } from './open-dispatcher.ts';
import { type Setup, withoutConfig } from './setup.ts';
import { type Site, sitesOf } from './sites.ts';
import type { LocatedTracker } from './tracker/locate-tracker.ts';

/** Options of every command. */
export const dispatchGlobals = {
  ...outputGlobals,
  config: {
    type: 'string',
    placeholder: 'FILE',
    describe: 'the configuration (default: ./dispatch.toml)',
  },
  name: { type: 'string', describe: 'name of this dispatcher (default: the host name)' },
  dir: {
    type: 'string',
    placeholder: 'PATH',
    describe: 'the .jit folder, or the one that holds it',
  },
} as const;

/** What commands work with. */
export interface DispatchContext {
  /** For commands that also work where there is no configuration, or a broken one: the others throw what is wrong. */
  readonly setup: Setup;
  readonly config: DispatchConfig;
  readonly name: string;
  /** The folder of this dispatcher's own files. */
  readonly folder: string;
  /** The repositories it works for, at least one. */
  readonly sites: readonly Site[];
  /** How its answer leaves it. */
  readonly output: { readonly json: boolean; readonly isTty: boolean };
  now(): Date;
  /** Says something on stderr, after the answer. */
  warn(message: string): void;
  /** The tracker of a site; without one, of the first. */
  locateTracker(site?: Site): Promise<LocatedTracker>;
  /** The ledger of a site (default: the first), or null if nothing was ever dispatched there under this name. `isChecked`: looks for damage first. */
  readLedger(site?: Site, isChecked?: boolean): Promise<Ledger | null>;
  /** Everything that dispatching in one site needs. Throws if its ledger can't be used. */
  openDispatcher(options: OpenOptions, site?: Site): Promise<Dispatcher>;
  /** Makes the folders of this dispatcher and of all its sites. */
  makeFolder(): void;
  interrupt?: (times: number) => void;
  close(): void;
}

export const defineCommand = commandFor<DispatchContext>();

const OF_A_RUN =
  /^JIT_(CLAIM|ISSUE_ID|ISSUE_JSON|ISSUE_FILE|FEEDBACK_FILE|HEARTBEAT_FILE|AGENT_ID|RUN_ID|WORKSPACE|TRACKER_COMMAND|DIR|ACTOR)$/;

/** Puts the program together. The only reader of the environment. */
export async function createContext(
  globals: InferredOptions<typeof dispatchGlobals>,
  io: Io,
  programs: {
    readonly keeperFile: string;
    readonly module: string;
    readonly warn: (message: string) => void;
  },
): Promise<DispatchContext> {
  const { loadConfig } = await import('./config/load.ts');
  const setup = {
    file: resolve(globals.config ?? 'dispatch.toml'),
    environment: io.env,
    module: programs.module,
  };
  const written = await loadConfig(setup.file).catch((error: unknown) => {
    if (error instanceof JitError) return error;
    throw error;
  });
  const daemon =
    written instanceof JitError
      ? await (await import('./config-of-daemon.ts')).configOfDaemon(setup.file, globals.name)
      : null;
  const loaded = daemon?.loaded ?? written;
  if (loaded instanceof JitError) return withoutConfig(setup, loaded, programs.warn);
  const { config } = loaded;
  // At once, not after the answer: `start` answers when it stops.
  if (!(written instanceof JitError))
    for (const warning of written.warnings) await io.err(`warning: ${warning}\n`);
  let isSaid = false;
  /** Said where that configuration is used, not by those who look at the file. */
  const sayBroken = async (): Promise<void> => {
    if (!(written instanceof JitError) || isSaid) return;
    isSaid = true;
    const { message } = written;
    await io.err(`warning: ${message}; used is what the running dispatcher works with\n`);
  };
  const name = daemon?.name ?? nameOf(globals.name, config);
  const home = join(config.folder, '.jit-dispatch');
  const folder = join(home, name);
  // A dispatcher may itself be started by an agent; its claim is none of ours.
  const environment = Object.fromEntries(
    Object.entries(io.env).filter(([variable]) => !OF_A_RUN.test(variable)),
  );
  const sites = sitesOf(config, folder);
  const opened = new Map<string, Ledger[]>();
  const keepOpen = (file: string, ledger: Ledger) =>
    opened.set(file, [...(opened.get(file) ?? []), ledger]);
  const [firstSite] = sites;
  if (firstSite === undefined) throw new Error('a dispatcher without a site');
  // One for the life of the process, however often a ledger is opened.
  let live: LiveConfig | undefined;
  const now = () => new Date();
  /** How something about a site is said while its dispatcher works. */
  const sayers = new Map<Site, (message: string) => void>();
  const heard = new Set<Site>();
  const sayNoise = (site: Site, noise: string) => {
    if (heard.has(site)) return;
    heard.add(site);
    const where = site.config === null ? 'the tracker' : `the tracker of ${site.repository}`;
    const say = sayers.get(site) ?? programs.warn;
    say(
      `${where} prints before its answers, which is passed over: ${JSON.stringify(noise.slice(0, 200))}`,
    );
  };

  const context: DispatchContext = {
    setup: { ...setup, loaded: written },
    config,
    name,
    folder,
    sites,
    output: { json: globals.json === true, isTty: io.outIsTty },
    now,
    warn: programs.warn,
    async locateTracker(site = firstSite) {
      await sayBroken();
      const { locateTracker } = await import('./tracker/locate-tracker.ts');
      const own = site.config;
      const { timeoutSecs } = config.tracker;
      return locateTracker({
        command: own?.argv ?? config.tracker.argv,
        timeoutSecs,
        folder: config.folder,
        environment,
        dir: own === null ? (globals.dir ?? config.tracker.dir ?? io.env.JIT_DIR ?? null) : own.dir,
        folders: [config.folder, resolve('.')],
        actor: `jit-dispatch:${name}`,
        module: programs.module,
        onNoise: (noise) => sayNoise(site, noise),
      });
    },
    async readLedger(site = firstSite, isChecked = false) {
      await sayBroken();
      const file = join(site.folder, 'ledger.db');
      if (!existsSync(file)) return null;
      const ledger = (await import('./ledger/ledger.ts')).openLedger(file, { isChecked });
      keepOpen(file, ledger);
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
      const { liveConfig } = await import('./config/live-config.ts');
      live ??= liveConfig(loaded);
      const { repository, isRetired = false } = site;
      const locate = () => context.locateTracker(site);
      const { locateLater } = await import('./tracker/locate-later.ts');
      // Of several repositories one may be away; the others are dispatched.
      const located =
        sites.length === 1 && !isRetired ? await locate() : locateLater(locate, config.folder);
      const file = join(site.folder, 'ledger.db');
      for (const ledger of opened.get(file)?.splice(0) ?? []) ledger.close();
      const { ledger, news } = openOwnLedger({ folder: site.folder, environment, now });
      keepOpen(file, ledger);
      const write = (text: string) => void io.err(text).catch(() => {});
      const { keeperFile } = programs;
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
          write,
        },
        options,
      );
      if (options.logFormat !== null)
        sayers.set(site, (message) => dispatcher.log({ level: 'warn', event: 'tracker', message }));
      if (news !== null) {
        const { nameUnknownClaims } = await import('./daemon/recovery/name-unknown-claims.ts');
        for (const message of [news, ...(await nameUnknownClaims(dispatcher))]) {
          if (options.logFormat === null)
            write(`warning: ${site.config === null ? '' : `${repository}: `}${message}\n`);
          else dispatcher.log({ level: 'error', event: 'ledger', message });
        }
      }
      return dispatcher;
    },
    close() {
      for (const ledger of [...opened.values()].flat()) ledger.close();
    },
  };
  return context;
}

function nameOf(asked: string | undefined, config: DispatchConfig): string {
  const problem = asked === undefined ? null : idProblem(asked);
  if (problem !== null) throw usageError(`--name: ${problem}`);
  const host = hostname().replace(/[^A-Za-z0-9._-]/g, '-');
  return asked ?? config.name ?? (idProblem(host) === null ? host : 'dispatcher');
}
