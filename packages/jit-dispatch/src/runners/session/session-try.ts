import type { CopilotClient, CopilotSession, SessionEvent } from './copilot-sdk.ts';

/** One session at work. */
export interface SessionTry {
  readonly id: string;
  readonly startedAt: number;
  /** The event that ended it, or null; and how many were heard so far. */
  seen(): { readonly end: SessionEvent | null; readonly heard: number };
  /** Tells it to stop; never throws. */
  abort(): Promise<void>;
  /** Leaves it; never throws. */
  end(): Promise<void>;
}

/** What a session is begun with. */
export interface SessionStart {
  readonly id: string;
  /** The session of an earlier run, which is gone on with where the SDK still knows it. */
  readonly resumes: string | null;
  readonly prompt: string;
  readonly config: Parameters<CopilotClient['resumeSession']>[1];
  readonly startedAt: number;
  say(line: string): void;
  onEnd(): void;
}

const INTERRUPTED = 'This work was interrupted. See how far it is, and go on with it.\n\n';

/** Begins a session and gives it the prompt; that it was worked on comes as an event. */
export async function createTry(client: CopilotClient, start: SessionStart): Promise<SessionTry> {
  const { resumes, prompt, startedAt, say, onEnd } = start;
  const { session, isResumed } = await openSession(client, start);
  let end: SessionEvent | null = null;
  let heard = 0;
  const off = session.on((event) => {
    heard += 1;
    const { type, agentId, data } = event;
    if (type === 'assistant.message' && typeof data?.content === 'string' && data.content !== '')
      say(data.content);
    // Parts of it become idle and fail for themselves.
    if (agentId !== undefined || (type !== 'session.idle' && type !== 'session.error')) return;
    end ??= event;
    onEnd();
  });
  say(isResumed ? `session ${resumes} is gone on with` : `session ${session.sessionId} was begun`);
  await session.send({ prompt: isResumed ? INTERRUPTED + prompt : prompt });
  return {
    id: session.sessionId,
    startedAt,
    seen: () => ({ end, heard }),
    abort: () => session.abort().catch(() => {}),
    async end() {
      off();
      await session.disconnect().catch(() => {});
    },
  };
}

async function openSession(
  client: CopilotClient,
  { id, resumes, config }: SessionStart,
): Promise<{ session: CopilotSession; isResumed: boolean }> {
  if (resumes !== null) {
    try {
      return { session: await client.resumeSession(resumes, config), isResumed: true };
    } catch {
      // It is not known any more: a new one does the work.
    }
  }
  return { session: await client.createSession({ ...config, sessionId: id }), isResumed: false };
}
