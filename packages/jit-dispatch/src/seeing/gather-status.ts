import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import type { DispatchConfig } from '../config/config.ts';
import { readHolder } from '../daemon/lifecycle/instance-lock.ts';
import { readHeld, toClaims } from '../daemon/looking/held.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Run } from '../ledger/run.ts';
import type { Claims } from '../planning/choosing/candidate.ts';
import { RUN_FILES } from '../run-records.ts';
import { readStall } from '../runners/read-run.ts';
import type { Site } from '../sites.ts';
import type { Tracker } from '../tracker/tracker.ts';
import { toRunOutput } from '../views/to-run-output.ts';
import { agentsOf } from './agents-of.ts';

/** One repository, as far as it can be looked at. */
export interface SeenSite {
  readonly site: Site;
  readonly ledger: Ledger | null;
  locateTracker(): Promise<{ readonly tracker: Tracker }>;
}

/** Where a status comes from. */
export interface StatusSource {
  readonly name: string;
  /** The folder of the dispatcher's own files. */
  readonly folder: string;
  readonly config: DispatchConfig;
  readonly sites: readonly SeenSite[];
  readonly now: Date;
}

type TrackerStatus = DispatcherStatusOutput['tracker'];

/** What the tracker of a site says. */
export interface Asked {
  readonly claims: Claims | null;
  readonly tracker: TrackerStatus;
}

/**
 * The dispatcher at a glance: what its ledgers hold, whether it runs, and what the trackers say now. A
 * tracker that does not answer costs only its own part.
 */
export async function gatherStatus(source: StatusSource): Promise<DispatcherStatusOutput> {
  const asked = await Promise.all(
    source.sites.map((site) => askTracker(site, source.config.agents)),
  );
  return statusOf(source, asked);
}

/** The same from answers that are there already. */
export function statusOf(
  { name, folder, config, sites, now }: StatusSource,
  asked: readonly Asked[],
): DispatcherStatusOutput {
  const at = now.toISOString();
  const ledgers = sites.flatMap(({ ledger }) => ledger ?? []);
  const seen = sites.map(({ site, ledger }, index) => {
    const { repository } = site;
    const runs = ledger?.liveRuns() ?? [];
    const overview = ledger?.overview(at);
    const of = <T extends object>(rows: readonly T[] | undefined) =>
      (rows ?? []).map((row) => ({ repository, ...row }));
    return {
      repository,
      ledger,
      tracker: asked[index]?.tracker ?? { ok: false, ready: null, error: 'not asked' },
      claims: asked[index]?.claims ?? null,
      live: runs,
      runs: runs.map((run) => runOf(run, { repository, folder: site.folder, ledgers })),
      waiting: of(overview?.waits),
      holds: of(overview?.holds),
      escalated: of(overview?.escalated),
      workspaces: of(overview?.keptWorkspaces),
      last_error: saidIn(ledger, 'last_error'),
      rebuilt: saidIn(ledger, 'rebuilt'),
    };
  });
  const firstOf = <T>(values: readonly (T | null)[]) =>
    values.find((each) => each !== null) ?? null;
  const holds = seen.flatMap((each) => each.holds);
  return {
    at,
    name,
    dir: folder,
    daemon: daemonOf(folder, ledgers),
    tracker: joined(seen),
    repositories: seen.map(({ repository, tracker, runs, waiting, last_error, rebuilt }) => ({
      name: repository,
      tracker,
      running: runs.length,
      waiting: waiting.length,
      last_error,
      rebuilt,
    })),
    agents: agentsOf(config, { seen, now }),
    paused: holds.find(({ scope }) => scope === '*') ?? null,
    holds,
    config_error: firstOf(ledgers.map((ledger) => saidIn(ledger, 'config_error'))),
    last_error: firstOf(seen.map((each) => each.last_error)),
    rebuilt: firstOf(seen.map((each) => each.rebuilt)),
    runs: seen
      .flatMap((each) => each.runs)
      .sort((a, b) => a.created_at.localeCompare(b.created_at)),
    waiting: seen.flatMap((each) => each.waiting),
    escalated: seen.flatMap((each) => each.escalated),
    workspaces: seen.flatMap((each) => each.workspaces),
  };
}

/** Asks the tracker of a site what is ready and what each agent holds. */
export async function askTracker(
  { locateTracker }: Pick<SeenSite, 'locateTracker'>,
  agents: DispatchConfig['agents'],
): Promise<Asked> {
  try {
    const { tracker } = await locateTracker();
    const ids = agents.map(({ id }) => id);
    const [ready, held] = await Promise.all([tracker.ready(), readHeld(tracker, ids)]);
    return { claims: toClaims(held), tracker: { ok: true, ready: ready.length, error: null } };
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    return { claims: null, tracker: { ok: false, ready: null, error: error.message } };
  }
}

/** One answer for all trackers; the error names the repository where there are several. */
function joined(
  seen: readonly { readonly repository: string; readonly tracker: TrackerStatus }[],
): TrackerStatus {
  const failed = seen.filter(({ tracker }) => !tracker.ok);
  const answered = seen.filter(({ tracker }) => tracker.ok);
  const ready = answered.reduce((sum, { tracker }) => sum + (tracker.ready ?? 0), 0);
  const errors = failed.map(({ repository, tracker }) =>
    repository === '' ? (tracker.error ?? '') : `${repository}: ${tracker.error}`,
  );
  return {
    ok: failed.length === 0,
    ready: answered.length === 0 ? null : ready,
    error: errors.length === 0 ? null : errors.join('; '),
  };
}

function daemonOf(folder: string, ledgers: readonly Ledger[]): DispatcherStatusOutput['daemon'] {
  const holder = readHolder(folder);
  if (holder?.command !== 'start') return null;
  const { pid, since } = holder;
  // What an earlier process left says nothing about this one.
  const told = ledgers.flatMap(
    (ledger) => jsonIn<{ pid: number; phase: Phase }>(ledger, 'phase') ?? [],
  );
  return { pid, since, phase: told.find((each) => each.pid === pid)?.phase ?? 'running' };
}

type Phase = NonNullable<DispatcherStatusOutput['daemon']>['phase'];

function saidIn(ledger: Ledger | null, key: string): { at: string; message: string } | null {
  return jsonIn(ledger, key);
}

/** A value of the ledger; what an older or newer program wrote in another form is left out. */
function jsonIn<T>(ledger: Ledger | null, key: string): T | null {
  const text = ledger?.getMeta(key) ?? null;
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

const MIN_SHORT = 8;

function runOf(
  run: Run,
  place: { repository: string; folder: string; ledgers: readonly Ledger[] },
): DispatcherStatusOutput['runs'][number] {
  const folder = join(place.folder, 'runs', run.run);
  const others = place.ledgers.flatMap((ledger) => ledger.neighbours(run.run));
  const length = Math.max(MIN_SHORT, ...others.map((other) => alike(run.run, other) + 1));
  return {
    ...toRunOutput(run, readStall(folder)),
    repository: place.repository,
    short: run.run.slice(0, length),
    last_sign_at: lastSign(folder) ?? run.started_at,
  };
}

/** How many characters two ids begin with in common. */
function alike(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** When a file that the agent writes was last written. */
function lastSign(folder: string): string | null {
  try {
    const times = readdirSync(folder)
      .filter((name) => name.startsWith('output') || name === RUN_FILES.heartbeat)
      .map((name) => statSync(join(folder, name)).mtimeMs);
    return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
  } catch {
    return null;
  }
}
