import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { DispatchConfig } from '../config/config.ts';
import { fixedConfig, type LiveConfig } from '../config/live-config.ts';
import type { Dispatcher } from '../daemon/dispatcher.ts';
import { createLog, type Log, logOf } from '../daemon/log.ts';
import { restoreRuns } from '../daemon/recovery/restore-runs.ts';
import { uptimeMs } from '../keeper/clock.ts';
import { killAt, killAtRecord } from '../kill-at.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { newRunId } from '../ledger/new-run-id.ts';
import { openOrReplace } from '../ledger/open-or-replace.ts';
import type { RecordType } from '../ledger/record-types.ts';
import { keepRow } from '../run-rows.ts';
import { phaseOf } from '../runners/phases.ts';
import { createRunHost } from '../runners/run-host.ts';
import { systemTimers } from '../timers.ts';
import type { LocatedTracker } from '../tracker/locate-tracker.ts';

/** How a dispatcher is opened. */
export interface OpenOptions {
  /** Null: nothing is logged. */
  readonly logFormat: 'text' | 'json' | null;
  /** Takes what is logged instead. */
  readonly log?: Log | undefined;
  /** Called when a run's keeper has ended. */
  readonly onEnd: () => void;
  /** Whether changes of the configuration are taken up. */
  readonly isLive?: boolean;
  /** Chosen so this time, instead of as the configuration says; it is then not live. */
  readonly choosing?: DispatchConfig['choosing'];
}

/** What a dispatcher is put together from. */
export interface Parts {
  readonly name: string;
  /** Empty where there is only one. */
  readonly repository: string;
  readonly isRetired?: boolean;
  readonly live: LiveConfig;
  readonly folder: string;
  readonly keeperFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly ledger: Ledger;
  readonly located: LocatedTracker;
  readonly now: () => Date;
  readonly write: (text: string) => void;
}

/** Puts a dispatcher of one repository together. */
export function openDispatcher(
  parts: Parts,
  { logFormat, log, onEnd, isLive = false, choosing }: OpenOptions,
): Dispatcher {
  const { name, repository, isRetired = false, folder, keeperFile, environment } = parts;
  const { ledger, located, now, write } = parts;
  const current = parts.live.current();
  const fixed = choosing === undefined ? current : { ...current, choosing };
  const live = isLive ? parts.live : fixedConfig(fixed);
  const lines = logFormat === null ? () => {} : createLog(logFormat, { now, write });
  const baseLog = log ?? lines;
  return {
    name,
    repository,
    isRetired,
    live,
    get config() {
      return live.current();
    },
    tracker: located.tracker,
    ledger,
    host: createRunHost({ root: join(folder, 'runs'), keeperFile, environment, onEnd }),
    // Asked for each time: a tracker that was away at first is located later.
    get place() {
      const { leaseSecs, stopGraceSecs } = live.current();
      return {
        cwd: located.workFolder,
        jitDir: located.jitDir,
        path: located.path,
        tracker: located.program,
        leaseSecs,
        stopGraceSecs,
        dispatcher: name,
        // It lies beside the keeper.
        envoyFile: join(dirname(keeperFile), 'envoy.cjs'),
      };
    },
    environment,
    log: logOf(repository, baseLog),
    baseLog,
    now,
    random: Math.random,
    uptimeMs,
    timers: systemTimers,
    newRunId: () => newRunId(now().getTime(), randomBytes(16)),
    newToken: () => randomBytes(16).toString('hex'),
    step: (name) => killAt(environment, name),
  };
}

/** What they say of a run, a new ledger learns from its processes and folder: their rows are not kept beside it. */
const FOUND_BY_LOOKING: readonly RecordType[] = ['running', 'adopted', 'settling'];

/** Where a dispatcher's own ledger lies. */
interface OwnLedger {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

/**
 * Opens the ledger of a dispatcher whose lock this process holds. What only run folders know is taken
 * in; `news` tells people of that and of a damaged ledger that was set aside, and stays for `status`.
 */
export function openOwnLedger({ folder, environment, now }: OwnLedger): {
  ledger: Ledger;
  news: string | null;
} {
  const runs = join(folder, 'runs');
  const kill = killAtRecord(environment, runs);
  const { ledger, setAside } = openOrReplace(join(folder, 'ledger.db'), now(), {
    onRecords(records) {
      for (const { type, run } of records)
        kill(type, () => {
          const row = run === null ? null : ledger.find(run);
          return row && phaseOf(row);
        });
      const changed = records.filter(({ type }) => !FOUND_BY_LOOKING.includes(type));
      for (const run of new Set(changed.map((record) => record.run))) {
        const row = run === null ? null : ledger.find(run);
        if (row !== null) keepRow(runs, row);
      }
    },
  });
  const restored = restoreRuns(ledger, runs, now());
  if (setAside === null && restored === 0) return { ledger, news: null };
  const live = ledger.liveRuns().length;
  const why = setAside
    ? `${setAside.reason}; it is kept as ${setAside.path}`
    : 'runs were missing in the ledger';
  const news = `${why}; ${restored} runs were taken in from their folders, ${live} are live`;
  ledger.setMeta('rebuilt', JSON.stringify({ at: now().toISOString(), message: news }));
  return { ledger, news };
}
