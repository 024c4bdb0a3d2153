import { userInfo } from 'node:os';
import type { ContextTools } from '@jit/cli-kit/cli-options';
import type { Io } from '@jit/cli-kit/io';
import { JitError, usageError } from '@jit/contract/errors';
import type { WhereOutput } from '@jit/contract/outputs/repository';
import { settleClaims } from './operations/settle-claims.ts';
import { advanceGated } from './operations/transitions.ts';
import { Checkers } from './platform/checkers.ts';
import type { Surroundings } from './platform/locate.ts';
import { locate } from './platform/locate.ts';
import { originOf, systemClock } from './platform/machine.ts';
import { openGateRuns } from './store/gate-runs.ts';
import { layoutOf } from './store/layout.ts';
import { openStore } from './store/open-store.ts';
import type { GateRuns, GroupingStore } from './store/store.ts';

/** What every command runs with. The tracker is looked for and opened when first asked for. */
export interface JitContext {
  readonly store: GroupingStore;
  readonly where: WhereOutput;
  readonly around: Surroundings;
  readonly actor: string;
  /** What `--actor` of this call said, undefined where it was not given. */
  readonly actorFlag: string | undefined;
  /** The claim token in the environment; it counts for this one issue only. */
  readonly carried: { readonly token: string; readonly issue: string | null } | null;
  readonly io: Io;
  /** Starts checkers, and ends them if this command is interrupted. */
  readonly checkers: Checkers;
  readonly gateRuns: GateRuns;
  /** True for a line of a batch. */
  readonly inBatch: boolean;
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

/** How long a write waits for the lock, in milliseconds, unless `--lock-timeout` says otherwise. */
const LOCK_TIMEOUT_MS = 10_000;

/** Puts a command's world together; the only reader of the environment. */
export function createContext(
  globals: JitGlobals,
  io: Io,
  tools: ContextTools,
  command: string,
  checkers = new Checkers(),
): JitContext {
  const { env } = io;
  const around = { dir: globals.dir, jitDir: env.JIT_DIR, cwd: process.cwd() };
  let where: WhereOutput | undefined;
  let store: GroupingStore | undefined;
  const context: JitContext = {
    get where() {
      where ??= locate(around);
      return where;
    },
    get store() {
      store ??= open(context, globals, command);
      return store;
    },
    around,
    actor: actorOf(globals, env),
    actorFlag: globals.actor,
    carried: carriedBy(env),
    io,
    checkers,
    get gateRuns() {
      return openGateRuns(layoutOf(context.where.dir).gateRuns);
    },
    inBatch: false,
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

function open(context: JitContext, globals: JitGlobals, command: string): GroupingStore {
  const root = context.where.dir;
  const { lockTimeout } = globals;
  return openStore({
    layout: layoutOf(root),
    origin: () => originOf(root),
    clock: systemClock,
    label: { actor: context.actor, command: `jit ${command}` },
    lockTimeoutMs: lockTimeout === undefined ? LOCK_TIMEOUT_MS : lockTimeout * 1000,
    settle: settleClaims,
    advance: (tx, id) => advanceGated(tx, id, 'unblocked'),
  });
}

function actorOf(globals: JitGlobals, env: Io['env']): string {
  const actor = [globals.actor, env.JIT_ACTOR, env.JIT_AGENT_ID].find(
    (name) => name !== undefined && name !== '',
  );
  if (actor !== undefined && /^(null|undefined|none|nan)$/i.test(actor.trim())) {
    throw usageError(`"${actor}" is nobody: it is what a failed lookup prints`, {
      hint: 'Give --actor NAME or set JIT_ACTOR.',
    });
  }
  if (actor !== undefined) return actor;
  try {
    return userInfo().username;
  } catch {
    throw new JitError('usage', 'NO_ACTOR', 'it is not known who is acting', {
      hint: 'Give --actor NAME or set JIT_ACTOR.',
    });
  }
}

function carriedBy(env: Io['env']): JitContext['carried'] {
  const token = env.JIT_CLAIM;
  const issue = env.JIT_ISSUE_ID;
  return token ? { token, issue: issue || null } : null;
}

function defined(globals: JitGlobals): JitGlobals {
  return Object.fromEntries(Object.entries(globals).filter(([, value]) => value !== undefined));
}
