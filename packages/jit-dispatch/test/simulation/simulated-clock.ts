import { setImmediate } from 'node:timers/promises';
import type { Timers } from '../../src/timers.ts';

/** When a simulation begins: what it prints is the same in every run. */
export const BEGIN = Date.parse('2026-11-20T08:00:00.000Z');
const UPTIME_AT_BEGIN = 7 * 24 * 3600 * 1000;

/** Time that goes by only when it is told to, for everything that asks this clock. */
export interface SimulatedClock {
  now(): Date;
  /** Milliseconds since the machine was started, its sleep included. */
  uptimeMs(): number;
  /** Milliseconds that went by since the simulation began, its sleep included. */
  readonly elapsedMs: number;
  readonly timers: Timers;
  /** Lets time go by; whatever is due meanwhile happens at its time, and time waits for it to be done. */
  advance(ms: number): Promise<void>;
  /** The machine sleeps: both clocks go on, timers don't, as those of Node on Linux. */
  sleep(ms: number): void;
  /** Somebody sets the wall clock. */
  setWall(byMs: number): void;
  /** Time stands still until that has ended. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Time stands still while one of these says false. */
  goesOnWhen(isQuiet: () => boolean): void;
}

interface Timer {
  due: number;
  readonly seq: number;
  readonly callback: () => void;
  readonly everyMs: number | null;
}

/** A clock that stands at the beginning. */
export function createSimulatedClock(): SimulatedClock {
  let awake = 0;
  let asleep = 0;
  let set = 0;
  let seq = 0;
  const due = new Set<Timer>();
  const held = new Set<Promise<unknown>>();
  const conditions: (() => boolean)[] = [];

  const add = (ms: number, callback: () => void, everyMs: number | null) => {
    seq += 1;
    const timer = { due: awake + Math.max(0, Math.ceil(ms)), seq, callback, everyMs };
    due.add(timer);
    return () => void due.delete(timer);
  };

  const allQuiet = async (): Promise<void> => {
    do {
      while (held.size > 0) await Promise.race(held);
      await setImmediate();
    } while (held.size > 0 || !conditions.every((isQuiet) => isQuiet()));
  };

  const nextUntil = (end: number): Timer | undefined =>
    [...due].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due || a.seq - b.seq)[0];

  return {
    now: () => new Date(BEGIN + awake + asleep + set),
    uptimeMs: () => Math.round(UPTIME_AT_BEGIN + awake + asleep),
    get elapsedMs() {
      return awake + asleep;
    },
    timers: {
      after: (ms, callback) => add(ms, callback, null),
      every: (ms, callback) => add(ms, callback, ms),
    },
    async advance(ms) {
      const end = awake + ms;
      await allQuiet();
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        awake = timer.due;
        if (timer.everyMs === null) due.delete(timer);
        else timer.due += timer.everyMs;
        timer.callback();
        await allQuiet();
      }
      awake = end;
    },
    sleep(ms) {
      asleep += ms;
    },
    setWall(byMs) {
      set += byMs;
    },
    async hold(work) {
      const settled = work.then(
        () => {},
        () => {},
      );
      held.add(settled);
      void settled.then(() => held.delete(settled));
      return work;
    },
    goesOnWhen: (isQuiet) => void conditions.push(isQuiet),
  };
}
