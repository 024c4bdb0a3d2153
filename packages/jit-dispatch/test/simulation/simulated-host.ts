import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../src/keeper/records.ts';
import {
  type KeeperSpec,
  RUN_FILES,
  type StallRecord,
  type StallStage,
} from '../../src/run-records.ts';
import type { RunHost } from '../../src/runners/run-host.ts';
import type { OpenJit } from './open-jit.ts';
import type { Script } from './simulated-agent.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { type SimulatedKeeper, startKeeper } from './simulated-keeper.ts';

/** From the start of a keeper to its first word. */
const KEEPER_START_MS = 40;

/** What a simulated host needs. */
export interface SimulatedHostOptions {
  readonly root: string;
  readonly clock: SimulatedClock;
  readonly jit: OpenJit;
  /** What the agent of a run does; null if its program does not exist. */
  scriptFor(spec: KeeperSpec): Script | null;
  onStall(spec: KeeperSpec, stage: StallStage): void;
  onEnd(): void;
}

/** A run host whose processes live in simulated time. */
export interface SimulatedHost extends RunHost {
  /** SIGKILL for the keeper of a run. */
  killKeeper(run: string): void;
  /** Whether the agent of a run lives. */
  isAgentAlive(run: string): boolean;
  /** How often the agent of a run was started. */
  starts(run: string): number;
}

interface Place {
  spec: KeeperSpec | null;
  keeper: SimulatedKeeper | 'abandoned' | null;
  starts: number;
}

/** A host without runs. */
export function createSimulatedHost(options: SimulatedHostOptions): SimulatedHost {
  const { root, clock, jit, scriptFor, onStall, onEnd } = options;
  const places = new Map<string, Place>();
  let pid = 1_000;
  const newPid = (): number => {
    pid += 1;
    return pid;
  };
  const placeOf = (run: string): Place => {
    const place = places.get(run) ?? { spec: null, keeper: null, starts: 0 };
    places.set(run, place);
    return place;
  };
  const keeperOf = (run: string): SimulatedKeeper | null => {
    const { keeper } = placeOf(run);
    return keeper === 'abandoned' ? null : keeper;
  };
  const abandon = (run: string): boolean => {
    const place = placeOf(run);
    if (place.keeper !== null) return false;
    place.keeper = 'abandoned';
    return true;
  };

  return {
    folder: (run) => join(root, run),
    prepare(spec, files, phase = spec.run) {
      mkdirSync(join(root, phase), { recursive: true });
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(root, phase, name), text, { mode: 0o600 });
      placeOf(phase).spec = spec;
    },
    spec: (run) => placeOf(run).spec,
    start(run) {
      clock.timers.after(KEEPER_START_MS, () => {
        const place = placeOf(run);
        // Whoever is there first decides, as with the keeper's file.
        if (place.keeper !== null || place.spec === null) return onEnd();
        const script = scriptFor(place.spec);
        if (script !== null) place.starts += 1;
        place.keeper = startKeeper(place.spec, {
          clock,
          jit,
          newPid,
          folder: join(root, run),
          script,
          onStall,
          onGone: onEnd,
        });
      });
    },
    look(run) {
      const { keeper } = placeOf(run);
      if (keeper === null) return { keeper: null, isKeeperAlive: false, agent: null, exit: null };
      if (keeper === 'abandoned')
        return { keeper: { abandoned: true }, isKeeperAlive: false, agent: null, exit: null };
      const { identity, isAlive, agent, exit } = keeper;
      return { keeper: identity, isKeeperAlive: isAlive, agent, exit };
    },
    outputTail: (run, bytes) =>
      Buffer.from(keeperOf(run)?.output ?? '')
        .subarray(-bytes)
        .toString('utf8'),
    stall: (run) => readRecord<StallRecord>(join(root, run, RUN_FILES.stall)),
    hasEnded(run) {
      const { keeper } = placeOf(run);
      if (keeper === null) return false;
      return keeper === 'abandoned' || keeper.exit !== null || !keeper.isAlive;
    },
    abandon,
    async stopOrphan(run, graceMs) {
      const process = keeperOf(run)?.process;
      process?.signal('SIGTERM');
      if (!process?.isAlive) return;
      await new Promise<void>((resolve) => clock.timers.after(graceMs, resolve));
      process.signal('SIGKILL');
    },
    requestStop(run) {
      if (!abandon(run)) keeperOf(run)?.terminate();
    },
    // All its agents are programs of this machine.
    verdict: () => null,
    assignment: () => null,
    withdraw() {},
    killKeeper: (run) => keeperOf(run)?.kill(),
    isAgentAlive: (run) => keeperOf(run)?.process?.isAlive ?? false,
    starts: (run) => placeOf(run).starts,
  };
}
