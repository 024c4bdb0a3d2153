import type { LocatedTracker } from './locate-tracker.ts';
import type { Tracker } from './tracker.ts';

/**
 * A tracker that may be away when it is first asked for, as one of several may: it is located with the
 * first call that reaches it, and until then every call fails as locating it does.
 * @param workFolder where agents run while nothing better is known; none is started before
 */
export function locateLater(
  locate: () => Promise<LocatedTracker>,
  workFolder: string,
): LocatedTracker {
  let located: LocatedTracker | null = null;
  let trying: Promise<LocatedTracker> | null = null;
  const reach = async (): Promise<Tracker> => {
    if (located !== null) return located.tracker;
    trying ??= locate().finally(() => {
      trying = null;
    });
    located = await trying;
    return located.tracker;
  };
  const program = { argv: [], suffix: [], cwd: workFolder, env: {} };
  return {
    tracker: {
      where: async () => (await reach()).where(),
      ready: async (options) => (await reach()).ready(options),
      inState: async (state) => (await reach()).inState(state),
      call: async (calls) => (calls.length === 0 ? [] : (await reach()).call(calls)),
      callTogether: async (calls) =>
        calls.length === 0 ? [] : (await reach()).callTogether(calls),
    },
    get program() {
      return located?.program ?? program;
    },
    get jitDir() {
      return located?.jitDir ?? null;
    },
    get workFolder() {
      return located?.workFolder ?? workFolder;
    },
    get path() {
      return located?.path ?? null;
    },
  };
}
