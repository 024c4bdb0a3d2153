import { isLeased } from '../../config/agent-kinds.ts';
import type { AgentConfig } from '../../config/config.ts';
import { fillPlaceholders } from '../../config/placeholders.ts';
import { type KeeperSpec, RUN_FILES } from '../../run-records.ts';
import { PASSED } from '../passed.ts';
import type { RunPlace, RunSubject } from '../run-subject.ts';
import { taskOf, tokensOf } from '../task-of.ts';

/** A run as its keeper gets it, and further files for its folder. */
export interface PreparedRun {
  readonly spec: KeeperSpec;
  readonly files: Readonly<Record<string, string>>;
}

/** Servers of firms have certificates of their own. */
const FOR_ENVOYS = ['NODE_EXTRA_CA_CERTS'];
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
  const isHere = agent.outside === null;
  const spec: KeeperSpec = {
    run: subject.run,
    issue: subject.issue,
    agent: agent.id,
    attempt: subject.attempt,
    argv: isHere
      ? agent.argv.map((argument) => fillPlaceholders(argument, ids))
      : [process.execPath, place.envoyFile],
    cwd: subject.workspace?.path ?? place.cwd,
    workspace: subject.workspace,
    pass_env: [...PASSED, ...agent.passEnv, ...forEnvoy(agent, place)],
    env: {
      ...(place.path === null ? {} : { PATH: place.path }),
      ...agent.env,
      JIT_ISSUE_ID: subject.issue,
      JIT_AGENT_ID: agent.id,
      JIT_RUN_ID: subject.run,
      JIT_CLAIM: subject.token,
      ...(subject.taskType === null ? {} : { JIT_TASK_TYPE: subject.taskType }),
      JIT_HEARTBEAT_FILE: `${place.runFolder}/${RUN_FILES.heartbeat}`,
      ...(place.jitDir === null ? wayToTracker(place.tracker) : { JIT_DIR: place.jitDir }),
      ...(subject.workspace === null ? {} : { JIT_WORKSPACE: subject.workspace.path }),
      ...(agent.issueJson === 'file' ? { JIT_ISSUE_FILE: issueFile } : {}),
      ...(subject.feedback === null ? {} : { JIT_FEEDBACK_FILE: feedbackFile }),
      ...(subject.prompt === null ? {} : { JIT_PROMPT_FILE: promptFile }),
      ...(agent.prompt === 'env' && fitsVariable(subject.prompt)
        ? { JIT_PROMPT: subject.prompt }
        : {}),
      ...(agent.issueJson === 'env' ? { JIT_ISSUE_JSON: subject.issueJson } : {}),
    },
    stdin:
      agent.outside === null
        ? stdinOf(agent, subject)
        : `${JSON.stringify(taskOf(agent.outside, agent, subject, place))}\n`,
    tracker: place.tracker,
    token: subject.token,
    ttl_secs: isLeased(agent) ? place.leaseSecs : null,
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
    secrets: [...agent.redact, ...tokensOf(agent)],
  };
  const files = {
    ...(agent.issueJson === 'file' ? { [RUN_FILES.issue]: `${subject.issueJson}\n` } : {}),
    ...(subject.feedback === null ? {} : { [RUN_FILES.feedback]: subject.feedback }),
    ...(subject.prompt === null ? {} : { [RUN_FILES.prompt]: subject.prompt }),
  };
  return { spec, files };
}

/** What the envoy of an agent elsewhere gets besides. */
function forEnvoy(agent: AgentConfig, { jitDir }: RunPlace): readonly string[] {
  if (agent.outside === null) return [];
  // What the way to a tracker elsewhere needs is not known; a session hands on what it has.
  if (jitDir === null && agent.kind !== 'copilot-sdk') return ['*'];
  return [...FOR_ENVOYS, ...tokensOf(agent)];
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

/** For an agent whose tracker is on another machine: the words before a call of `jit`, as JSON. */
function wayToTracker({ argv, suffix }: KeeperSpec['tracker']): Record<string, string> {
  return { JIT_TRACKER_COMMAND: JSON.stringify([...argv, ...suffix]) };
}
