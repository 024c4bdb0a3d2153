import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JitError } from '@jit/contract/errors';
import type { SessionSettings } from '../../config/agent-kinds.ts';

/** The part of the Copilot SDK that is used here; it is installed by those who use it. */
export interface CopilotSdk {
  readonly CopilotClient: new (options: { readonly workingDirectory: string }) => CopilotClient;
  /** Lets a session do what it asks for: nobody is there to be asked. */
  readonly approveAll: unknown;
}

export interface CopilotClient {
  start(): Promise<void>;
  createSession(config: SessionConfig & { readonly sessionId: string }): Promise<CopilotSession>;
  resumeSession(sessionId: string, config: SessionConfig): Promise<CopilotSession>;
  /** Gives what went wrong. */
  stop(): Promise<readonly Error[]>;
  forceStop(): Promise<void>;
}

interface SessionConfig {
  readonly model?: string;
  readonly onPermissionRequest: unknown;
}

export interface CopilotSession {
  readonly sessionId: string;
  /** Every event; returns how to hear no more. */
  on(handler: (event: SessionEvent) => void): () => void;
  /** Returns when the prompt was taken, not when it was worked on. */
  send(message: { readonly prompt: string }): Promise<string>;
  abort(): Promise<void>;
  disconnect(): Promise<void>;
}

/** What a session tells; of the many types four are looked at. */
export interface SessionEvent {
  readonly type: string;
  /** Of a part of the session that works for it; absent for the session itself. */
  readonly agentId?: string;
  readonly data?: {
    readonly content?: unknown;
    readonly message?: unknown;
    readonly errorType?: unknown;
    readonly aborted?: unknown;
  };
}

/** Loads the SDK from the folder of the configuration. Errors: SDK_MISSING, SDK_UNUSABLE. */
export async function loadSdk({ module, folder }: SessionSettings): Promise<CopilotSdk> {
  const path = resolveModule(module, folder);
  let loaded: Partial<CopilotSdk>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Partial<CopilotSdk>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JitError('external', 'SDK_UNUSABLE', `${module} can't be loaded: ${why}`, {
      hint: 'look whether it runs on this version of Node',
    });
  }
  const { CopilotClient, approveAll } = loaded;
  if (typeof CopilotClient === 'function' && approveAll !== undefined)
    return { CopilotClient, approveAll };
  throw new JitError('external', 'SDK_UNUSABLE', `${module} has no CopilotClient and approveAll`, {
    hint: 'use version 1 of the SDK',
  });
}

function resolveModule(module: string, folder: string): string {
  try {
    return isAbsolute(module)
      ? createRequire(module).resolve(module)
      : createRequire(join(folder, 'dispatch.toml')).resolve(module);
  } catch {
    throw new JitError('external', 'SDK_MISSING', `${module} is not installed in ${folder}`, {
      hint: `install it there: npm install ${module}`,
    });
  }
}
