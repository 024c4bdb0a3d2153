import { usageError } from '@jit/contract/errors';
import { strategyOf } from '../../config/check-choosing.ts';
import type { Problem } from '../../config/problem.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** How one cycle chooses, where it is not as the configuration says. */
export interface Choices {
  /** As in `strategy` of dispatch.toml. */
  readonly strategy?: string | undefined;
  readonly seed?: number | undefined;
  /** Only issues with all of these labels. */
  readonly labelFilter?: readonly string[] | undefined;
}

/**
 * The same workbench with other choices.
 * @throws JitError usage (2): there is no such strategy or agent
 */
export async function withChoices(
  workbench: Workbench,
  { strategy, seed, labelFilter = [] }: Choices,
): Promise<Workbench> {
  if (strategy === undefined && seed === undefined && labelFilter.length === 0) return workbench;
  const { config } = workbench;
  const problems: Problem[] = [];
  const choosing = {
    ...config.choosing,
    ...(seed !== undefined && { seed }),
    ...(labelFilter.length > 0 && { labelFilter }),
    ...(strategy !== undefined && {
      strategy: await strategyOf({ strategy, agents: config.agents }, [], problems),
      isForOnce: true,
    }),
  };
  const [problem] = problems;
  if (problem !== undefined) throw usageError(`--strategy: ${problem.message}`);
  return {
    ...workbench,
    config: { ...config, choosing },
    locateTracker: (site) => workbench.locateTracker(site, choosing.labelFilter),
    openDispatcher: (options, site) => workbench.openDispatcher({ ...options, choosing }, site),
  };
}
