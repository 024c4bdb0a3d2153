import type { KeeperSpec } from '../../src/run-records.ts';
import type { Cancel } from '../../src/timers.ts';
import type { Answer, OpenJit } from './open-jit.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What an agent does in simulated time. One that never exits hangs. */
export type Script = (agent: SimulatedAgent) => void;

/** An agent as its script sees it. */
export interface SimulatedAgent {
  readonly spec: KeeperSpec;
  /** Does something so many seconds after the start, if the agent still lives then. */
  at(secs: number, action: () => void): void;
  print(text: string): void;
  exit(code: number): void;
  /** Calls jit with the agent's claim. */
  jit(...argv: readonly string[]): Promise<Answer>;
  /** From now on only SIGKILL ends it. */
  ignoreSigterm(): void;
}

/** An agent as its keeper sees it. */
export interface RunningAgent {
  readonly isAlive: boolean;
  /** A kill by somebody who is not its keeper. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** What a keeper is told. */
export interface AgentEvents {
  onPrint(text: string): void;
  onEnd(end: { readonly code: number | null; readonly signal: string | null }): void;
}

/** Starts a script. */
export function startScript(
  script: Script,
  { spec, clock, jit }: { spec: KeeperSpec; clock: SimulatedClock; jit: OpenJit },
  { onPrint, onEnd }: AgentEvents,
): RunningAgent {
  const planned = new Set<Cancel>();
  let isAlive = true;
  let ignoresSigterm = false;
  const end = (code: number | null, signal: string | null): void => {
    if (!isAlive) return;
    isAlive = false;
    for (const cancel of planned) cancel();
    onEnd({ code, signal });
  };
  script({
    spec,
    at: (secs, action) => void planned.add(clock.timers.after(secs * 1000, action)),
    print: (text) => {
      if (isAlive) onPrint(text);
    },
    exit: (code) => end(code, null),
    jit: (...argv) => jit.ask(...argv, '--claim', spec.token),
    ignoreSigterm: () => {
      ignoresSigterm = true;
    },
  });
  return {
    get isAlive() {
      return isAlive;
    },
    signal(name) {
      if (name === 'SIGKILL' || !ignoresSigterm) end(null, name);
    },
  };
}
