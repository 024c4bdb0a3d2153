/** How far a stop has got: `draining` waits for running agents, `stopping` ends them. */
export type Phase = 'running' | 'draining' | 'stopping';

/** The stop of a dispatcher, in two stages. */
export interface Shutdown {
  readonly phase: Phase;
  /** Once more: from running to draining, from draining to stopping. */
  advance(): void;
  /** Milliseconds until the present stage has to end, or null if nothing limits it. */
  remainingMs(): number | null;
}

/** How long the stages take. */
export interface ShutdownLimits {
  readonly drainMs: number;
  readonly stopMs: number;
}

/** A dispatcher that runs until it is told otherwise. */
export function createShutdown(limits: ShutdownLimits, uptimeMs: () => number): Shutdown {
  let phase: Phase = 'running';
  let deadline: number | null = null;
  return {
    get phase() {
      return phase;
    },
    advance() {
      if (phase === 'stopping') return;
      phase = phase === 'running' ? 'draining' : 'stopping';
      deadline = uptimeMs() + (phase === 'draining' ? limits.drainMs : limits.stopMs);
    },
    remainingMs: () => (deadline === null ? null : Math.max(0, deadline - uptimeMs())),
  };
}
