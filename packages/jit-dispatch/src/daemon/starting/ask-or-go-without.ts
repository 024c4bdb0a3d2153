import type { TrackerAnswer, TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** What agents are started without where the tracker does not tell it. */
interface Extra {
  /** The event of the log that says so. */
  readonly event: 'feedback' | 'prompt';
  /** In words. */
  readonly what: string;
}

/** The answers, or none: what a failed call would have told is left out, and costs no start. */
export async function askOrGoWithout(
  { tracker, log }: Dispatcher,
  calls: readonly TrackerCall[],
  { event, what }: Extra,
): Promise<readonly TrackerAnswer[]> {
  try {
    return await tracker.call(calls);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log({ level: 'warn', event, message: `agents are started without ${what}: ${why}` });
    return [];
  }
}
