import { type HookProcess, startHook } from '../../runners/hook-program.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** What people are told by the hook (`escalation.hook`), as JSON on its stdin. */
export interface HookEvent {
  /** A stable word: `escalated`, … */
  readonly event: string;
  readonly issue: string;
  readonly title: string;
  readonly reason: string;
  readonly detail: string;
  readonly at: string;
  /** Further facts of this kind of event. */
  readonly [fact: string]: unknown;
}

const running = new WeakMap<Dispatcher, Set<HookProcess>>();

/**
 * Tells people by the hook, if there is one. It runs beside the cycle; a failure is logged and has no
 * other consequence.
 */
export function tellHook(dispatcher: Dispatcher, event: HookEvent): void {
  const { config, environment, place, name, log } = dispatcher;
  const { hook, hookTimeoutSecs } = config.escalation;
  if (hook === null) return;
  const { issue } = event;
  const process: HookProcess = startHook({
    argv: hook,
    cwd: place.cwd,
    environment: {
      ...environment,
      ...place.tracker.env,
      ...(place.path === null ? {} : { PATH: place.path }),
    },
    input: `${JSON.stringify({ dispatcher: name, ...event })}\n`,
    timeoutMs: hookTimeoutSecs * 1000,
  });
  const hooks = running.get(dispatcher) ?? new Set();
  running.set(dispatcher, hooks);
  hooks.add(process);
  void process.ended.then((problem) => {
    hooks.delete(process);
    if (problem !== null)
      log({ level: 'error', event: 'hook', message: `the hook ${problem}`, issue });
  });
}

/** Hooks under way. */
export function countHooks(dispatcher: Dispatcher): number {
  return running.get(dispatcher)?.size ?? 0;
}

/** Waits for the hooks under way. What is not over after that many milliseconds is killed. */
export async function hooksEnded(
  dispatcher: Dispatcher,
  withinMs: number | null = null,
): Promise<void> {
  const hooks = [...(running.get(dispatcher) ?? [])];
  if (hooks.length === 0) return;
  const all = Promise.all(hooks.map(({ ended }) => ended));
  if (withinMs === null) return void (await all);
  const timer = setTimeout(() => {
    for (const hook of hooks) hook.kill('was killed: the dispatcher stops');
  }, withinMs);
  await all;
  clearTimeout(timer);
}
