import { runHook } from '../runners/run-hook.ts';
import type { Dispatcher } from './dispatcher.ts';

/** What a hook is told, as JSON on its stdin. */
export interface HookEvent {
  readonly event: string;
  readonly issue: string;
  readonly title: string;
  readonly run?: string;
  readonly agent?: string;
  readonly reason: string;
  readonly detail: string;
}

/** Tells the hook of `[escalation]`, if there is one. Rejects when it fails or takes too long. */
export async function tellHook({ config }: Dispatcher, event: HookEvent): Promise<void> {
  const { hook, hookTimeoutSecs } = config.escalation;
  if (hook === null) return;
  const place = { cwd: config.folder, timeoutMs: hookTimeoutSecs * 1000 };
  await runHook(hook, `${JSON.stringify(event)}\n`, place);
}
