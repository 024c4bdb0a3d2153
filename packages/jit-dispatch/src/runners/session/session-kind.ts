import type { SessionSettings } from '../../config/agent-kinds.ts';
import { within } from '../../keeper/clock.ts';
import {
  type Assignment,
  done,
  failed,
  going,
  type Kind,
  type Means,
  notNow,
  type Sight,
  type Verdict,
} from '../kind.ts';
import type { Task } from '../task.ts';
import { type CopilotClient, type CopilotSdk, loadSdk, type SessionEvent } from './copilot-sdk.ts';
import { createTry, type SessionTry } from './session-try.ts';

const LOOK_MS = 1_000;
const STOP_MS = 3_000;
/** Kinds of errors that another session would meet, too. */
const OF_ENVIRONMENT: readonly unknown[] = ['authentication', 'authorization'];
const LIMITS: readonly unknown[] = ['rate_limit', 'quota'];

/** A session of the Copilot SDK: idle is done. It lives in this process and ends with it. */
export const sessionKind: Kind<SessionSettings> = {
  open: async (settings, task, means) => sessionAssignment(settings, task, means),
};

function sessionAssignment(settings: SessionSettings, task: Task, means: Means): Assignment {
  const { key, earlier, keep, say, wake, now } = means;
  const { timeoutSecs, retries, retrySecs } = settings;
  let sdk: CopilotSdk | null = null;
  let client: CopilotClient | null = null;
  let current: SessionTry | null = null;
  let tries = 0;
  let nextAt = 0;
  let lastProblem = '';

  const startTry = async (): Promise<void> => {
    tries += 1;
    sdk ??= await loadSdk(settings);
    if (client === null) {
      client = new sdk.CopilotClient({ workingDirectory: task.cwd });
      await client.start();
    }
    const resumes = tries === 1 ? sessionOf(earlier?.ref) : null;
    const id = tries === 1 ? `jit-${key}` : `jit-${key}-${task.run}-${tries}`;
    keep('asked', { session: resumes ?? id });
    current = await createTry(client, {
      id,
      resumes,
      prompt: task.prompt ?? task.title,
      config: {
        onPermissionRequest: sdk.approveAll,
        ...(settings.model !== null && { model: settings.model }),
      },
      startedAt: now(),
      say,
      onEnd: wake,
    });
    keep('standing', { session: current.id });
  };

  /** A session that failed is tried again, as often as is configured. */
  const tryAgain = async (problem: string): Promise<Sight> => {
    await current?.end();
    current = null;
    lastProblem = problem;
    if (tries > retries) return failed('agent', 'session_failed', `${problem} (${tries} sessions)`);
    say(`session ${tries}: ${problem}; the next one in ${retrySecs} s`);
    nextAt = now() + retrySecs * 1000;
    return going(null);
  };

  const attempt = async (): Promise<Sight> => {
    try {
      await startTry();
      return going(`session ${tries}`);
    } catch (error) {
      // What the SDK throws is no JitError; what is missing here is one.
      if (isOurs(error)) throw error;
      return tryAgain(error instanceof Error ? error.message : String(error));
    }
  };

  const look = async (): Promise<Sight> => {
    if (current === null) return now() < nextAt ? going(null) : attempt();
    const { end, heard } = current.seen();
    if (end === null) {
      if (now() - current.startedAt < timeoutSecs * 1000) return going(`session ${tries} ${heard}`);
      await current.abort();
      return tryAgain(`it was not done within ${timeoutSecs} s`);
    }
    return judge(end) ?? tryAgain(problemIn(end));
  };

  return {
    pollMs: Math.max(
      20,
      Math.min(LOOK_MS, (timeoutSecs * 1000) / 4, Math.max(20, retrySecs * 1000)),
    ),
    begin: () => (current === null && tries === 0 ? attempt() : look()),
    look,
    async withdraw() {
      await current?.abort();
      return lastProblem === ''
        ? 'the session was ended'
        : `no session is tried any more: ${lastProblem}`;
    },
    async close() {
      await current?.end();
      if (client === null) return;
      const stopping = client.stop().catch(() => {});
      let isStopped = false;
      void stopping.then(() => {
        isStopped = true;
      });
      await within(stopping, STOP_MS);
      if (!isStopped) await client.forceStop().catch(() => {});
    },
  };
}

/** What the last event of a session means; null: another session may do better. */
function judge(event: SessionEvent): Verdict | null {
  const { type, data } = event;
  if (type === 'session.idle' && data?.aborted !== true) return done('the session is idle');
  const problem = problemIn(event);
  if (LIMITS.includes(data?.errorType)) return notNow(`rate limit reached: ${problem}`, null);
  return OF_ENVIRONMENT.includes(data?.errorType)
    ? failed('environment', `session_${String(data?.errorType)}`, problem)
    : null;
}

function problemIn({ type, data }: SessionEvent): string {
  if (type === 'session.idle') return 'it was aborted';
  return typeof data?.message === 'string' ? data.message : 'it failed and says no more';
}

function sessionOf(ref: Readonly<Record<string, unknown>> | undefined): string | null {
  return typeof ref?.session === 'string' ? ref.session : null;
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === 'JitError';
}
