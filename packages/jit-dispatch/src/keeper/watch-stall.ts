import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES, type StallRecord, type StallStage } from '../run-records.ts';
import { type KeeperTime, systemTime } from './clock.ts';
import { writeRecord } from './records.ts';
import { type StallTerms, stallStep, startOfStall } from './stall.ts';

/** The watch on an agent's silence. */
export interface StallWatch {
  /** The agent gave a sign of life. */
  sign(): void;
  end(): void;
}

/** What the watch asks and tells. */
export interface StallListener {
  /** Looks for a sign of life where looking costs something; it is reported by `sign`. */
  look(): Promise<void>;
  /** The agent was silent for too long. */
  onStop(): void;
}

const RANKS: readonly StallStage[] = ['none', 'warned', 'notified', 'stopped'];

/**
 * Watches the silence of an agent and leaves a record whenever a stage is reached or life returns. Before
 * each stage the tracker is asked, whose word comes only with the renewals otherwise.
 */
export function watchStall(
  folder: string,
  terms: StallTerms,
  { look, onStop }: StallListener,
  { uptimeMs, timestamp, every }: KeeperTime = systemTime,
): StallWatch {
  const heartbeatFile = join(folder, RUN_FILES.heartbeat);
  let state = startOfStall(terms, uptimeMs());
  let touched = changeOf(heartbeatFile);
  let silentSince = timestamp();
  let hasSign = false;
  let written: StallStage = 'none';
  let asked: StallStage | null = null;
  let isAsking = false;

  const sign = (): void => {
    hasSign = true;
  };

  const ask = (stage: StallStage): void => {
    isAsking = true;
    void look()
      .catch(() => {})
      .finally(() => {
        asked = stage;
        isAsking = false;
      });
  };

  const record = (): void => {
    if (written === state.stage) return;
    try {
      const { stage } = state;
      const entry: StallRecord = { stage, silent_since: silentSince, at: timestamp() };
      writeRecord(join(folder, RUN_FILES.stall), entry);
      written = stage;
    } catch {
      // A full disk: tried again at the next look.
    }
  };

  const tick = (): void => {
    const change = changeOf(heartbeatFile);
    if (change !== touched) sign();
    touched = change;
    const next = stallStep(terms, state, { now: uptimeMs(), hasSign });
    if (hasSign) {
      silentSince = timestamp();
      asked = null;
    }
    hasSign = false;
    const isHigher = RANKS.indexOf(next.stage) > RANKS.indexOf(state.stage);
    const mayClimb = !isAsking && asked === next.stage;
    if (isHigher && !mayClimb && !isAsking) ask(next.stage);
    state = isHigher && !mayClimb ? { ...next, stage: state.stage } : next;
    record();
    if (state.stage !== 'stopped') return;
    end();
    onStop();
  };

  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    cancel();
  };
  // Output that came while this process was held up is read before the look.
  const cancel = every(terms.tick, () => setImmediate(() => isEnded || tick()));
  return { sign, end };
}

/** What changes when the file is touched or written; the clock it is told by does not matter. */
function changeOf(path: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch {
    return '';
  }
}
