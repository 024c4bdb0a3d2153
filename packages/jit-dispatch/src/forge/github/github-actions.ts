import { z } from 'zod';
import type { Actions, WorkflowRun } from '../actions.ts';
import { findNext, readPages } from '../read-pages.ts';
import { complaintOf, expectStatus, parseReply } from '../reply.ts';
import type { GithubClient } from './github-client.ts';

const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';
const PER_PAGE = 100;
/** Our clock and GitHub's differ by less than this. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

const RunAnswer = z
  .object({
    id: z.int().positive(),
    display_title: z.string(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    head_branch: z.string().nullable(),
    html_url: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    updated_at: z.iso.datetime({ offset: true }),
  })
  .transform(
    (run): WorkflowRun => ({
      id: run.id,
      title: run.display_title,
      status: run.status ?? 'unknown',
      conclusion: run.conclusion,
      is_over: run.status === 'completed',
      branch: run.head_branch,
      url: run.html_url,
      created_at: run.created_at,
      updated_at: run.updated_at,
    }),
  );
const RunsAnswer = z.object({ workflow_runs: z.array(RunAnswer) });
const StartAnswer = z.object({ workflow_run_id: z.int().positive() });

/** Workflows of a repository on GitHub. */
export function githubActions(client: GithubClient): Actions {
  return {
    async startWorkflow({ workflow, ref, inputs }) {
      const given = { workflow_id: workflow, ref, inputs };
      const route = `POST ${WORKFLOW}/dispatches` as const;
      let reply = await client.ask(route, { ...given, return_run_details: true });
      // A server that does not know the key refuses the whole, so nothing was started.
      if (reply.status === 422 && complaintOf(reply).includes('return_run_details'))
        reply = await client.ask(route, given);
      if (expectStatus(reply, 200, 204).status === 204) return null;
      return parseReply(StartAnswer, reply).workflow_run_id;
    },
    async findRun({ workflow, correlation, since }) {
      const earliest = new Date(Date.parse(since) - CLOCKS_DIFFER_MS);
      const created = `>=${earliest.toISOString().replace(/\.\d+Z$/, 'Z')}`;
      const runs = await readPages(
        {},
        async (page) => {
          const reply = await client.ask(`GET ${WORKFLOW}/runs`, {
            workflow_id: workflow,
            event: 'workflow_dispatch',
            created,
            per_page: PER_PAGE,
            ...page,
          });
          const { workflow_runs } = parseReply(RunsAnswer, expectStatus(reply, 200));
          return { items: workflow_runs, next: findNext(reply) };
        },
        { what: `runs of ${workflow}` },
      );
      const found = runs.filter(({ title }) => title.includes(correlation));
      return found.toSorted((a, b) => a.id - b.id)[0] ?? null;
    },
    async readRun(run_id) {
      const reply = await client.ask(`GET ${RUN}`, { run_id });
      if (await client.isAbsent(reply)) return null;
      return parseReply(RunAnswer, expectStatus(reply, 200));
    },
    async cancelRun(run_id) {
      const reply = await client.ask(`POST ${RUN}/cancel`, { run_id });
      if (reply.status === 409 || (await client.isAbsent(reply))) return false;
      expectStatus(reply, 202);
      return true;
    },
  };
}
