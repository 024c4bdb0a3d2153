import { z } from 'zod';
import { read, refuse } from './github-routes.ts';
import type { githubShapes } from './github-shapes.ts';
import type { MemoryRepository } from './memory-repository.ts';
import { type Asked, cutPage, numberOf, type Routes } from './routes.ts';

const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';

const Start = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.string()).default({}),
  return_run_details: z.boolean().optional(),
});

/** GitHub's answers about workflows and their runs. */
export function githubActionRoutes(
  api: string,
  repository: MemoryRepository,
  shapes: ReturnType<typeof githubShapes>,
  tellsRuns: boolean,
): Routes {
  const workflowOf = ({ params }: Asked) =>
    repository.workflows.get(params.workflow_id ?? '') ?? refuse(404, 'Not Found');
  const runOf = ({ params }: Asked) =>
    repository.runs.find(({ id }) => id === Number(params.run_id)) ?? refuse(404, 'Not Found');

  return {
    [`POST ${WORKFLOW}/dispatches`]: (asked) => {
      const workflow = workflowOf(asked);
      const { ref, inputs, return_run_details } = read(Start, asked);
      if (return_run_details !== undefined && !tellsRuns)
        refuse(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
      if (!repository.branches.has(ref)) refuse(422, `No ref found for: ${ref}`);
      const unexpected = Object.keys(inputs).filter((name) => !workflow.inputs.includes(name));
      if (unexpected.length > 0)
        refuse(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
      const at = repository.now();
      const run = {
        id: repository.nextId(),
        workflow: asked.params.workflow_id ?? '',
        title: workflow.runName(inputs),
        branch: ref,
        inputs,
        status: 'queued' as const,
        conclusion: null,
        createdAt: at,
        updatedAt: at,
      };
      repository.runs.push(run);
      if (return_run_details !== true) return { status: 204 };
      const { url: run_url, html_url } = shapes.run(run);
      return { status: 200, body: { workflow_run_id: run.id, run_url, html_url } };
    },
    [`GET ${WORKFLOW}/runs`]: (asked) => {
      workflowOf(asked);
      const [, earliest = ''] = /^>=(.+)$/.exec(asked.query.created ?? '') ?? [];
      const found = repository.runs
        .filter(({ workflow }) => workflow === asked.params.workflow_id)
        .filter(({ createdAt }) => createdAt >= earliest);
      const { items, link } = cutPage(found.toReversed().map(shapes.run), {
        page: numberOf(asked.query.page, 1, 1_000_000),
        size: numberOf(asked.query.per_page, 30, 100),
        url: `${api}${asked.path}?${new URLSearchParams(asked.query)}`,
      });
      const body = { total_count: found.length, workflow_runs: items };
      return { status: 200, body, headers: link };
    },
    [`GET ${RUN}`]: (asked) => ({ status: 200, body: shapes.run(runOf(asked)) }),
    [`POST ${RUN}/cancel`]: (asked) => {
      const run = runOf(asked);
      if (run.status === 'completed')
        refuse(409, 'Cannot cancel a workflow run that is completed.');
      run.status = 'completed';
      run.conclusion = 'cancelled';
      run.updatedAt = repository.now();
      return { status: 202, body: {} };
    },
  };
}
