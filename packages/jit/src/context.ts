import { isAbsolute, join } from 'node:path';
import type { ContextTools } from '@jit/cli-kit/cli-options';
import type { Io } from '@jit/cli-kit/io';
import { JitError, usageError } from '@jit/contract/errors';
import type { WhereOutput } from '@jit/contract/outputs/repository';
import { checkSettingText } from './domain/settings.ts';
import { settleClaims } from './operations/settle-claims.ts';
import { advanceGated } from './operations/transitions.ts';
import { Checkers } from './platform/checkers.ts';
import type { Surroundings } from './platform/locate.ts';
import { locate } from './platform/locate.ts';
import { originOf, systemClock } from './platform/machine.ts';
import type { Settings } from './platform/settings.ts';
import { openSettings } from './platform/settings.ts';
import { openGateRuns } from './store/gate-runs.ts';
import { layoutOf } from './store/layout.ts';
import { openStore } from './store/open-store.ts';
import type { GateRuns, GroupingStore } from './store/store.ts';

/** What every command runs with. The tracker is looked for and opened when first asked for. */
export interface JitContext {
  readonly store: GroupingStore;
  readonly where: WhereOutput;
  readonly around: Surroundings;
  /** Who acts: `user.name` of the settings. Errors: as `settings.resolve`. */
  readonly actor: string;
  /** What flags, environment and configuration files say. */
  readonly settings: Settings;
  /** What `--actor` of this call said, undefined where it was not given. */
  readonly actorFlag: string | undefined;
  /** The claim token in the environment; it counts for this one issue only. */
  readonly carried: { readonly token: string; readonly issue: string | null } | null;
  readonly io: Io;
  /** The command is a line of a batch, which may be taken back. */
  readonly isBatchLine: boolean;
  /** Starts checkers, and ends them if this command is interrupted. */
  readonly checkers: Checkers;
  readonly gateRuns: GateRuns;
  /** The same context with other global flags, as a line of a batch has them. */
  with(globals: JitGlobals): JitContext;
  /** The same context on another store. */
  on(store: GroupingStore): JitContext;
  warn(message: string): void;
  close(): void | Promise<void>;
}

/** The global flags, as parsed. */
export interface JitGlobals {
  readonly dir?: string | undefined;
  readonly actor?: string | undefined;
  readonly lockTimeout?: number | undefined;
}

/** Puts a command's world together; the only reader of the environment. */
export function createContext(
  globals: JitGlobals,
  io: Io,
  tools: ContextTools,
  command: string,
  checkers = new Checkers(),
): JitContext {
  const { env } = io;
  const around = {
    dir: globals.dir,
    jitDir: env.JIT_DIR,
    cwd: process.cwd(),
    elsewhere: env.JIT_TRACKER_COMMAND,
  };
  let where: WhereOutput | undefined;
  let store: GroupingStore | undefined;
  refuseNobody(globals, env);
  const settings = openSettings({
    flags: { 'user.name': globals.actor, 'lock.timeout_secs': globals.lockTimeout },
    env,
    projectFile: () => projectFile(context),
    userFile: () => userFile(env),
    warn: (message) => tools.warn(message),
  });
  const context: JitContext = {
    get where() {
      where ??= locate(around);
      return where;
    },
    get store() {
      store ??= open(context, command);
      return store;
    },
    around,
    get actor() {
      return String(settings.resolve('user.name').value);
    },
    settings,
    actorFlag: globals.actor,
    carried: carriedBy(env),
    io,
    checkers,
    get gateRuns() {
      return openGateRuns(layoutOf(context.where.dir));
    },
    isBatchLine: false,
    with: (line) => createContext({ ...globals, ...defined(line) }, io, tools, command, checkers),
    on: (other) => Object.create(context, { store: { value: other } }),
    warn: (message) => tools.warn(message),
    async close() {
      await checkers.stop();
      store?.close();
    },
  };
  return context;
}

function open(context: JitContext, command: string): GroupingStore {
  const root = context.where.dir;
  return openStore({
    layout: layoutOf(root),
    origin: () => originOf(root),
    clock: systemClock,
    label: {
      get actor() {
        return context.actor;
      },
      command: `jit ${command}`,
    },
    get lockTimeoutMs() {
      return Number(context.settings.resolve('lock.timeout_secs').value) * 1000;
    },
    settle: settleClaims,
    advance: (tx, id) => advanceGated(tx, id, 'unblocked'),
  });
}

/** A name that a failed look-up printed is refused at once, before anything is done in it. */
function refuseNobody(globals: JitGlobals, env: Io['env']): void {
  const given = [globals.actor, env.JIT_ACTOR, env.JIT_AGENT_ID].find((name) => name);
  const checked = given === undefined ? null : checkSettingText('user.name', given);
  if (checked === null || 'value' in checked) return;
  throw usageError(`the actor ${checked.problem}`, { hint: 'Give --actor NAME or set JIT_ACTOR.' });
}

function projectFile(context: JitContext): string | null {
  try {
    return join(context.where.dir, 'config.toml');
  } catch (error) {
    if (error instanceof JitError && error.code === 'NOT_A_TRACKER') return null;
    throw error;
  }
}

/** `$XDG_CONFIG_HOME/jit/config.toml`, else that below `~/.config`; null where neither is known. */
function userFile(env: Io['env']): string | null {
  const { XDG_CONFIG_HOME: xdg, HOME: home } = env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'jit', 'config.toml');
  return home !== undefined && isAbsolute(home)
    ? join(home, '.config', 'jit', 'config.toml')
    : null;
}

function carriedBy(env: Io['env']): JitContext['carried'] {
  const token = env.JIT_CLAIM;
  const issue = env.JIT_ISSUE_ID;
  return token ? { token, issue: issue || null } : null;
}

function defined(globals: JitGlobals): JitGlobals {
  return Object.fromEntries(Object.entries(globals).filter(([, value]) => value !== undefined));
}
