import type { WorkflowSettings } from '../../config/agent-kinds.ts';
import { fillPlaceholders } from '../../config/placeholders.ts';
import type { Actions, WorkflowRun } from '../../forge/actions.ts';
import {
  type Assignment,
  done,
  failed,
  going,
  type Kind,
  type Means,
  type Sight,
  takenBack,
} from '../kind.ts';
import { mayHaveHappened } from '../kind-error.ts';
import { openForge, openWorkflows } from '../open-forge.ts';
import type { Task } from '../task.ts';

/** How often a run is looked for whose start was not answered, until it is started again: lists are late. */
const LOOKS = 3;
const MOST_PAUSE_MS = 2_000;

/** A workflow of GitHub Actions: its conclusion is the verdict. */
export const workflowKind: Kind<WorkflowSettings> = {
  async open(settings, task, means) {
    const actions = await openWorkflows(settings.forge, means);
    const refOf = async () =>
      settings.ref ?? (await openForge(settings.forge, means)).findDefaultBranch();
    return workflowAssignment(actions, { settings, task, means, refOf });
  },
};

interface Parts {
  readonly settings: WorkflowSettings;
  readonly task: Task;
  readonly means: Means;
  readonly refOf: () => Promise<string>;
}

function workflowAssignment(actions: Actions, { settings, task, means, refOf }: Parts): Assignment {
  const { key, earlier, keep, say } = means;
  const known = earlier?.ref.id;
  let id: number | null = typeof known === 'number' ? known : null;
  let since = typeof earlier?.ref.since === 'string' ? earlier.ref.since : null;
  // Of an earlier run that was asked for and not answered, or of this one.
  let isLost = earlier?.is === 'asked';

  const find = async (): Promise<WorkflowRun | null> => {
    if (id !== null) return actions.readRun(id);
    const found = await actions.findRun({
      workflow: settings.file,
      correlation: key,
      since: since ?? new Date(means.now()).toISOString(),
    });
    if (found !== null) know(found.id);
    return found;
  };
  const know = (found: number): void => {
    id = found;
    keep('standing', { id, since });
  };

  const findLost = async (): Promise<WorkflowRun | null> => {
    for (let looks = 1; ; looks += 1) {
      const run = await find();
      if (run !== null || looks === LOOKS) return run;
      await new Promise<void>((resolve) => {
        means.timers.after(Math.min(settings.pollSecs * 1000, MOST_PAUSE_MS), resolve);
      });
    }
  };

  const look = async (): Promise<Sight> => {
    const run = await find();
    if (run !== null) return judge(run);
    if (id !== null)
      return failed('environment', 'workflow_gone', `run ${id} is not there any more`);
    return going(null);
  };

  return {
    pollMs: settings.pollSecs * 1000,
    async begin() {
      if (id !== null || (earlier?.is === 'standing' && since !== null)) return look();
      const lost = isLost ? await findLost() : null;
      if (lost !== null) return judge(lost);
      since = new Date(means.now()).toISOString();
      keep('asked', { since });
      try {
        const { file: workflow, runInput } = settings;
        const inputs = { ...inputsOf(settings, task, key), [runInput]: key };
        const started = await actions.startWorkflow({ workflow, ref: await refOf(), inputs });
        if (started === null) keep('standing', { since });
        else know(started);
        say(`${workflow} was started`);
      } catch (error) {
        isLost = mayHaveHappened(error);
        throw error;
      }
      return going(null);
    },
    look,
    async withdraw() {
      const run = await find();
      if (run === null) return 'no run of the workflow is known';
      const isTold = await actions.cancelRun(run.id);
      return isTold ? `its end was asked for: ${run.url}` : `it is over: ${run.url}`;
    },
    close: async () => {},
  };
}

function judge({ is_over, conclusion, status, updated_at, url }: WorkflowRun): Sight {
  if (!is_over) return going(`${status} ${updated_at}`);
  if (conclusion === 'success') return done(`the workflow succeeded: ${url}`);
  if (conclusion === 'cancelled') return takenBack(`somebody cancelled the workflow: ${url}`);
  return failed(
    'agent',
    `workflow_${conclusion ?? 'failed'}`,
    `the workflow ended with ${conclusion}: ${url}`,
  );
}

function inputsOf(
  { inputs }: WorkflowSettings,
  { issue, agent }: Task,
  key: string,
): Record<string, string> {
  const ids = { issue_id: issue, agent_id: agent, run_id: key };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, fillPlaceholders(value, ids)]),
  );
}
