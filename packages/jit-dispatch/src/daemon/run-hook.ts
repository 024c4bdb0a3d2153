import { runHook } from '../runners/run-hook.ts';
import type { Dispatcher } from './dispatcher.ts';

/** What people are told by the hook (`escalation.hook`), as JSON on its stdin. */
export interface HookEvent {
  readonly event: string;
  readonly issue: string;
  readonly title: string;
  readonly reason: string;
  readonly detail: string;
  readonly at: string;
  /** Further facts of this kind of event. */
  readonly [fact: string]: unknown;
}

/** Tells people by the hook, if there is one. It runs beside the cycle; a failure is logged. */
export function tellHook(dispatcher: Dispatcher, event: HookEvent): void {
  const { config, log } = dispatcher;
  const { hook, hookTimeoutSecs } = config.escalation;
  if (hook === null) return;
  const place = { cwd: config.folder, timeoutMs: hookTimeoutSecs * 1000 };
  runHook(hook, `${JSON.stringify(event)}\n`, place).catch((error: unknown) => {
    const message = `the hook failed: ${error instanceof Error ? error.message : String(error)}`;
    log({ level: 'error', event: 'hook', message, issue: event.issue });
  });
}
