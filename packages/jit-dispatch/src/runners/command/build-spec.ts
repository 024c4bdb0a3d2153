import type { AgentConfig } from '../../config/config.ts';
import { fillPlaceholders } from '../../config/placeholders.ts';
import { type KeeperSpec, RUN_FILES } from '../../run-records.ts';

/** What a run is about. */
export interface RunSubject {
  readonly run: string;
  readonly issue: string;
  readonly attempt: number;
  readonly token: string;
  readonly leasedAtMs: number;
  /** The issue as JSON text. */
  readonly issueJson: string;
  /** What earlier tries have shown, as text for the agent; null where there is nothing. */
  readonly feedback: string | null;
  /** What the agent is told to do; null for one that takes no prompt. */
  readonly prompt: string | null;
}

/** Where agents run, and with what. */
export interface RunPlace {
  readonly cwd: string;
  /** The `.jit` folder, or null where the tracker is on another machine. */
  readonly jitDir: string | null;
  /** PATH for agents, if it is not simply passed on. */
  readonly path: string | null;
  readonly tracker: KeeperSpec['tracker'];
  readonly runFolder: string;
  readonly leaseSecs: number;
  readonly stopGraceSecs: number;
}

/** A run as its keeper gets it, and further files for its folder. */
export interface PreparedRun {
  readonly spec: KeeperSpec;
  readonly files: Readonly<Record<string, string>>;
}

/** The variables that every agent gets from the environment of its keeper. */
export const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_*',
  'TZ',
  'TMPDIR',
  'TERM',
];
/** Five files of 10 MiB. */
const OUTPUT_CAP_BYTES = 50 * 1024 * 1024;

/**
 * Turns an agent and an issue into what its keeper does. Only ids reach the arguments; text that
 * people wrote goes by stdin, file or environment, and to no shell.
 */
export function buildSpec(agent: AgentConfig, subject: RunSubject, place: RunPlace): PreparedRun {
  const ids = { issue_id: subject.issue, agent_id: agent.id, run_id: subject.run };
  const issueFile = `${place.runFolder}/${RUN_FILES.issue}`;
  const feedbackFile = `${place.runFolder}/${RUN_FILES.feedback}`;
  const promptFile = `${place.runFolder}/${RUN_FILES.prompt}`;
  const spec: KeeperSpec = {
    run: subject.run,
    issue: subject.issue,
    agent: agent.id,
    attempt: subject.attempt,
    argv: agent.argv.map((argument) => fillPlaceholders(argument, ids)),
    cwd: place.cwd,
    pass_env: [...PASSED, ...agent.passEnv],
    env: {
      ...(place.path === null ? {} : { PATH: place.path }),
      ...agent.env,
      JIT_ISSUE_ID: subject.issue,
      JIT_AGENT_ID: agent.id,
      JIT_RUN_ID: subject.run,
      JIT_CLAIM: subject.token,
      JIT_HEARTBEAT_FILE: `${place.runFolder}/${RUN_FILES.heartbeat}`,
      ...(place.jitDir === null ? {} : { JIT_DIR: place.jitDir }),
      ...(agent.issueJson === 'file' ? { JIT_ISSUE_FILE: issueFile } : {}),
      ...(subject.feedback === null ? {} : { JIT_FEEDBACK_FILE: feedbackFile }),
      ...(subject.prompt === null ? {} : { JIT_PROMPT_FILE: promptFile }),
      ...(agent.prompt === 'env' && fitsVariable(subject.prompt)
        ? { JIT_PROMPT: subject.prompt }
        : {}),
      ...(agent.issueJson === 'env' ? { JIT_ISSUE_JSON: subject.issueJson } : {}),
    },
    stdin: stdinOf(agent, subject),
    tracker: place.tracker,
    token: subject.token,
    ttl_secs: place.leaseSecs,
    leased_at_ms: subject.leasedAtMs,
    time_limit_secs: agent.timeLimitSecs,
    stop_grace_secs: place.stopGraceSecs,
    output_cap_bytes: OUTPUT_CAP_BYTES,
    stall: {
      startup_grace_secs: agent.stall.startupGraceSecs,
      warn_secs: agent.stall.warnSecs,
      notify_secs: agent.stall.notifySecs,
      stop_secs: agent.stall.stopSecs,
    },
    secrets: agent.redact,
  };
  const files = {
    ...(agent.issueJson === 'file' ? { [RUN_FILES.issue]: `${subject.issueJson}\n` } : {}),
    ...(subject.feedback === null ? {} : { [RUN_FILES.feedback]: subject.feedback }),
    ...(subject.prompt === null ? {} : { [RUN_FILES.prompt]: subject.prompt }),
  };
  return { spec, files };
}

/** One variable with its name, its end and 128 KiB. */
const VARIABLE_BYTES = 128 * 1024 - 'JIT_PROMPT='.length - 1;

/** Whether a prompt fits into a variable; with a longer one the agent could not even start. */
export function fitsVariable(prompt: string | null): prompt is string {
  return prompt !== null && Buffer.byteLength(prompt) <= VARIABLE_BYTES;
}

function stdinOf(agent: AgentConfig, { issueJson, prompt }: RunSubject): string | null {
  if (agent.prompt === 'stdin') return prompt;
  return agent.issueJson === 'stdin' ? `${issueJson}\n` : null;
}
