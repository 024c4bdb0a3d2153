import { fileURLToPath } from 'node:url';
import { checkCreation, withCheckedArguments } from './library/check-arguments.ts';
import { createDispatcherFrom } from './library/create-dispatcher.ts';
import type { DispatcherConfig } from './library/dispatcher-config.ts';
import type { JitDispatcher } from './library/jit-dispatcher.ts';
import type { DispatcherOptions } from './library/options.ts';

export { DISPATCH_CODES, type DispatchErrorCode } from '@jit/contract/dispatch-codes';
export { JitError } from '@jit/contract/errors';
export type {
  DispatchStatsOutput,
  DrainedOutput,
  HoldsOutput,
  IssueEndOutput,
  IssueHistoryOutput,
  OrderOutput,
  RunDetailsOutput,
  StopOutput,
} from '@jit/contract/outputs/control';
export type {
  CycleOutput,
  DecisionOutput,
  DispatchedOutput,
  DispatcherStoppedOutput,
  RunLogOutput,
  RunOutput,
} from '@jit/contract/outputs/dispatch';
export type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
export type {
  ConfigCheckOutput,
  ConfigWrittenOutput,
  DoctorOutput,
} from '@jit/contract/outputs/dispatch-setup';
export type {
  DispatchEventOutput,
  DispatcherStatusOutput,
} from '@jit/contract/outputs/dispatcher-status';
export type { AgentMatchOutput, EstimateOutput } from '@jit/contract/outputs/estimate';
export type { AgentTask } from './bridge/messages.ts';
export type { AgentTools, AgentWork } from './bridge/serve-objects.ts';
export type { LogEntry } from './daemon/log.ts';
export type { AgentKeys, AgentObject } from './library/agent-object.ts';
export type { BatchResult, DispatchResult, TimedRequest } from './library/dispatch-requests.ts';
export type { DispatcherConfig } from './library/dispatcher-config.ts';
export type { DispatcherEvent, DispatcherEventName, EventListener } from './library/events.ts';
export type { JitDispatcher } from './library/jit-dispatcher.ts';
export type * from './library/options.ts';
export type { DispatchRequest } from './operations/dispatching/dispatch-request.ts';
export type { RunningDispatcher } from './operations/lifecycle/start-dispatcher.ts';

/**
 * A dispatcher for programs. Nothing is read before one of its methods is called.
 * @param config path of the configuration, default `dispatch.toml`; or an object with the same keys, whose
 * `agents` may be objects that do the work themselves
 */
export function createDispatcher(
  config?: string | DispatcherConfig,
  options: DispatcherOptions = {},
): JitDispatcher {
  checkCreation(config, options);
  const { name, dir, folder: base, environment = process.env } = options;
  const { warn = () => {}, log } = options;
  const module = import.meta.url;
  const fileOf = (file: string): string => fileURLToPath(new URL(file, module));
  const dispatcher = createDispatcherFrom({
    config,
    base,
    name,
    dir,
    environment,
    keeperFile: fileOf('keeper.cjs'),
    bridgeFile: fileOf('bridge.cjs'),
    module,
    warn,
    write: async (text) => warn(text.trimEnd()),
    logging: { logFormat: null, log: log ?? undefined },
    onSignal(callback) {
      process.on('SIGTERM', callback).on('SIGINT', callback);
      return () => void process.off('SIGTERM', callback).off('SIGINT', callback);
    },
  });
  return withCheckedArguments(dispatcher);
}
