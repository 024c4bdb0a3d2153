import type {
  DispatchStatsOutput,
  DrainedOutput,
  HoldsOutput,
  IssueEndOutput,
  IssueHistoryOutput,
  OrderOutput,
  RunDetailsOutput,
  StopOutput,
} from '@jit/contract/outputs/control';
import type {
  CycleOutput,
  DispatchedOutput,
  RunLogOutput,
  RunOutput,
} from '@jit/contract/outputs/dispatch';
import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import type {
  ConfigCheckOutput,
  ConfigWrittenOutput,
  DoctorOutput,
} from '@jit/contract/outputs/dispatch-setup';
import type {
  DispatchEventOutput,
  DispatcherStatusOutput,
} from '@jit/contract/outputs/dispatcher-status';
import type { AgentMatchOutput, EstimateOutput } from '@jit/contract/outputs/estimate';
import type { EstimateOptions } from '../operations/choosing/estimate-issue.ts';
import type { AgentsOptions } from '../operations/choosing/list-agents.ts';
import type { DispatchRequest } from '../operations/dispatching/dispatch-request.ts';
import type { RunningDispatcher } from '../operations/lifecycle/start-dispatcher.ts';
import type { AgentObject } from './agent-object.ts';
import type { BatchResult, DispatchResult, TimedRequest } from './dispatch-requests.ts';
import type { DispatcherEventName, EventListener } from './events.ts';
import type {
  CycleOptions,
  DrainOptions,
  ExplainOptions,
  LockPatience,
  LogOptions,
  OrderOptions,
  PauseOptions,
  ResumeOptions,
  RunsFilter,
  ShowOptions,
  StartOptions,
  StatsOptions,
  StopOptions,
  WaitOptions,
  WatchEventsOptions,
  WatchStatusOptions,
  WithinRepository,
} from './options.ts';

/**
 * A dispatcher, as programs hold it. Nothing is read before a method is called: what is wrong with the
 * configuration is thrown there. Every method rejects with a `JitError`; its `code` is the stable word.
 */
export interface JitDispatcher {
  /** Dispatches in this process until it is stopped. Resolves when it can be asked to stop. */
  start(options?: StartOptions): Promise<RunningDispatcher>;
  /** Asks whoever dispatches under this name to stop, and waits until it has. */
  stop(options?: StopOptions): Promise<StopOutput>;
  /** One cycle, or only its plan; agents that it starts go on. */
  once(options?: CycleOptions): Promise<CycleOutput>;
  /**
   * Has an issue worked on: resolves when its run is started, or with `at` when the time is stored. Rejects
   * with one of the `DISPATCH_CODES`; an issue that was admitted and not started stays admitted.
   */
  dispatch(request: string | TimedRequest): Promise<DispatchResult>;
  /** The same for several, with one write for each tracker and one cycle for all; one that is refused stops none of the others. */
  dispatchBatch(requests: readonly (string | TimedRequest)[]): Promise<BatchResult>;
  /** Admits issues, all or none, and leaves their start to a running dispatcher; where there is none, one cycle starts them. */
  admit(
    requests: readonly (string | DispatchRequest)[],
    options?: LockPatience,
  ): Promise<DispatchedOutput>;
  /** Waits until an issue is finished, escalated or held, or the time is over. Starts nothing. */
  waitFor(issue: string, options?: WaitOptions): Promise<IssueEndOutput>;
  /** Adds an agent that is an object of this program. A running dispatcher has it from its next cycle on. */
  register(agent: AgentObject): void;
  /** Calls back when something happens, in whatever process. Returns what ends that. */
  on<E extends DispatcherEventName>(name: E, listener: EventListener<E>): () => void;
  on(name: '*', listener: EventListener): () => void;
  /** Runs, live and ended, the newest first. */
  sessions(filter?: RunsFilter): Promise<RunOutput[]>;
  /** How many runs are live. */
  activeCount(): Promise<number>;
  /** Stops work on an issue and keeps it from agents. */
  cancel(issue: string, options?: OrderOptions): Promise<OrderOutput>;
  /** Gives an issue to another agent. */
  reassign(issue: string, agent: string, options?: OrderOptions): Promise<OrderOutput>;
  /** Tries again to make the pull request of a run that was given up; does not wait for it. */
  retryPull(run: string, options?: WithinRepository): Promise<OrderOutput>;
  /** Starts nothing new until `resume`; what runs goes on. */
  pause(options?: PauseOptions): Promise<HoldsOutput>;
  /** Ends a pause. */
  resume(options?: ResumeOptions): Promise<HoldsOutput>;
  /** Pauses everything and waits until nothing runs. */
  drain(options?: DrainOptions): Promise<DrainedOutput>;
  /** Who would get an issue if it were its turn now. */
  estimate(issue: string, options?: EstimateOptions): Promise<EstimateOutput>;
  /** The agents; for an issue in the order in which they would get it, with how well each fits. */
  availableAgents(issue?: string, options?: AgentsOptions): Promise<AgentMatchOutput[]>;
  /** Says why an issue is or is not started, and what would change that. */
  explain(issue: string, options?: ExplainOptions): Promise<DispatchExplanationOutput>;
  /** The dispatcher, its agents, what runs and what waits. */
  status(): Promise<DispatcherStatusOutput>;
  /** The status again and again. */
  watchStatus(options?: WatchStatusOptions): Promise<AsyncIterableIterator<DispatcherStatusOutput>>;
  /** The whole status, then everything that happens. */
  watchEvents(options?: WatchEventsOptions): Promise<AsyncIterableIterator<DispatchEventOutput>>;
  /** Runs, the newest first; live ones only, where the filter does not say otherwise. */
  runs(filter?: RunsFilter): Promise<RunOutput[]>;
  /** Everything about one run. */
  show(run: string, options?: ShowOptions): Promise<RunDetailsOutput>;
  /** What the agent of a run printed. */
  logs(run: string, options?: LogOptions): Promise<RunLogOutput>;
  /** The same, and on until the agent has ended. */
  followLogs(run: string, options?: LogOptions): Promise<AsyncIterableIterator<RunLogOutput>>;
  /** What happened to an issue, here and in the tracker. */
  history(issue: string, options?: WithinRepository): Promise<IssueHistoryOutput>;
  /** Runs in figures. */
  stats(options?: StatsOptions): Promise<DispatchStatsOutput>;
  /** Checks everything that dispatching needs. */
  doctor(): Promise<DoctorOutput>;
  /** Writes a first configuration where there is none. */
  init(): Promise<ConfigWrittenOutput>;
  /** Tells what is wrong with the configuration. */
  checkConfig(options?: { readonly effective?: boolean | undefined }): Promise<ConfigCheckOutput>;
  /** Ends everything that this object holds open. A dispatcher of this object is stopped first; agents that are programs go on, those that are objects are aborted. */
  close(): Promise<void>;
}
