/** Takes back what was to be called. */
export type Cancel = () => void;

/** How the daemon and the watches of a keeper wait: a port, so that a simulation can let hours go by. */
export interface Timers {
  /** Calls back once, after so many milliseconds at the earliest. */
  after(ms: number, callback: () => void): Cancel;
  /** Calls back again and again. */
  every(ms: number, callback: () => void): Cancel;
}

/** The timers of this process. */
export const systemTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};
