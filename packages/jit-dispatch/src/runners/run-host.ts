import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../keeper/identity.ts';
import { readOutputTail } from '../keeper/output-segments.ts';
import { createRecord, readRecord } from '../keeper/records.ts';
import { signalProcess } from '../keeper/signal-process.ts';
import { stopGroup, stopMarked } from '../keeper/stop-group.ts';
import {
  type AgentRecord,
  type AssignmentRecord,
  type ExitRecord,
  type KeeperRecord,
  type KeeperSpec,
  RUN_FILES,
  type StallRecord,
  type VerdictRecord,
} from '../run-records.ts';
import { runOfPhase } from './phases.ts';
import { hasRunEnded, readAssignment, readStall, readVerdict } from './read-run.ts';
import { startWithdrawal } from './start-withdrawal.ts';

/** What the folder and the processes of a run show. */
export interface RunLook {
  readonly keeper: KeeperRecord | null;
  readonly isKeeperAlive: boolean;
  readonly agent: AgentRecord | null;
  readonly exit: ExitRecord | null;
}

/**
 * The processes of runs on this machine: one keeper for each phase (see `phases.ts`). What is called
 * `run` here names a run, whose agent is meant, or another phase of it.
 */
export interface RunHost {
  /** The folder of a run: its records and output. */
  folder(run: string): string;
  /** Writes what the keeper needs. Nothing is started. */
  prepare(spec: KeeperSpec, files: Readonly<Record<string, string>>, phase?: string): void;
  /** What the keeper was told, or null. */
  spec(run: string): KeeperSpec | null;
  /** Starts the keeper, which starts the agent and outlives this process. */
  start(run: string): void;
  look(run: string): RunLook;
  /** The end of what the agent printed, at most so many bytes of it. */
  outputTail(run: string, bytes: number): string;
  /** How far its silence has got; null if it never was silent for long. */
  stall(run: string): StallRecord | null;
  /** True once the run has an end to settle: cheap, for a check every second. */
  hasEnded(run: string): boolean;
  /** Sees to it that the run is never started. False if its keeper was faster. */
  abandon(run: string): boolean;
  /** Stops what a dead keeper left of its agent. */
  stopOrphan(run: string, graceMs: number): Promise<void>;
  /** Asks the keeper to stop its agent; a keeper that is killed leaves it to `stopOrphan`. */
  requestStop(run: string, how?: 'SIGTERM' | 'SIGKILL'): void;
  /** How the work of an agent elsewhere ended; null where nobody says. */
  verdict(run: string): VerdictRecord | null;
  /** What a run brought to an agent elsewhere; null where it brought nothing. */
  assignment(run: string): AssignmentRecord | null;
  /** Begins to take back what an ended run left with an agent elsewhere. */
  withdraw(run: string): void;
}

/** What a run host needs. */
export interface RunHostOptions {
  /** The folder that holds the folders of runs. */
  readonly root: string;
  /** The program of the keeper. */
  readonly keeperFile: string;
  /** The environment of keepers: agents get what their specification passes on from it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Called when a keeper that this process started has ended. */
  readonly onEnd: () => void;
}

/** The run host over real processes. */
export function createRunHost({ root, keeperFile, environment, onEnd }: RunHostOptions): RunHost {
  const started = new Set<string>();
  const path = (run: string, file: keyof typeof RUN_FILES) => join(root, run, RUN_FILES[file]);
  const keeperOf = (run: string) => readRecord<KeeperRecord>(path(run, 'keeper'));
  const abandon = (run: string): boolean => {
    mkdirSync(join(root, run), { recursive: true, mode: 0o700 });
    return createRecord(path(run, 'keeper'), { abandoned: true } satisfies KeeperRecord);
  };
  const onGone = (run: string): void => {
    started.delete(run);
    onEnd();
  };

  return {
    folder: (run) => join(root, run),
    prepare(spec, files, phase = spec.run) {
      mkdirSync(join(root, phase), { recursive: true, mode: 0o700 });
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(root, phase, name), text, { mode: 0o600 });
      writeFileSync(path(phase, 'spec'), JSON.stringify(spec), { mode: 0o600 });
    },
    spec: (run) => readRecord<KeeperSpec>(path(run, 'spec')),
    start(run) {
      const keeper = spawn(process.execPath, [keeperFile, join(root, run)], {
        cwd: root,
        env: environment,
        stdio: 'ignore',
        detached: true,
      });
      started.add(run);
      keeper
        .once('exit', () => onGone(run))
        .once('error', () => {
          try {
            abandon(run);
          } catch {
            // A full disk: it is given up when its keeper is overdue.
          }
          onGone(run);
        });
      keeper.unref();
    },
    look(run) {
      const keeper = keeperOf(run);
      const isKeeperAlive = keeper !== null && !('abandoned' in keeper) && isAlive(keeper);
      return {
        keeper,
        isKeeperAlive,
        agent: readRecord<AgentRecord>(path(run, 'agent')),
        exit: readRecord<ExitRecord>(path(run, 'exit')),
      };
    },
    outputTail(run, bytes) {
      const exit = readRecord<ExitRecord>(path(run, 'exit'));
      return readOutputTail(join(root, run), bytes, exit?.agent_output);
    },
    stall: (run) => readStall(join(root, run)),
    hasEnded(run) {
      // A keeper of this process tells by its own end when it has none to tell.
      return started.has(run) ? existsSync(path(run, 'exit')) : hasRunEnded(join(root, run));
    },
    abandon,
    async stopOrphan(run, graceMs) {
      const agent = readRecord<AgentRecord>(path(run, 'agent'));
      if (agent !== null && isAlive(agent)) await stopGroup(agent, graceMs);
      await stopMarked(runOfPhase(run), graceMs);
    },
    requestStop(run, how = 'SIGTERM') {
      const keeper = keeperOf(run);
      // Whoever creates the keeper's file first decides: a keeper that comes later starts nothing.
      if (keeper === null) abandon(run);
      else if (!('abandoned' in keeper)) signalProcess(keeper, how);
    },
    verdict: (run) => readVerdict(join(root, run)),
    assignment: (run) => readAssignment(join(root, run)),
    withdraw(run) {
      const spec = readRecord<KeeperSpec>(path(run, 'spec'));
      if (spec === null) return;
      startWithdrawal(join(root, run), spec, environment);
    },
  };
}
