import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import { z } from 'zod';
import { readHolder } from '../../daemon/lifecycle/instance-lock.ts';
import { readHistories } from '../../daemon/looking/read-histories.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Run } from '../../ledger/run.ts';
import { createExaminer, type Examination } from '../../planning/examine.ts';
import { type IssueHistory, NO_HISTORY } from '../../planning/history.ts';
import { readStall } from '../../runners/read-run.ts';
import type { Tracker } from '../../tracker/tracker.ts';
import { toDecisionOutput, toRecordOutput } from '../../views/to-decision-output.ts';
import { toPullOutput, toRunOutput } from '../../views/to-run-output.ts';
import { verdictOf } from '../../views/verdict.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { planNow } from '../dispatching/plan-now.ts';
import { type FoundIssue, findIssues } from '../finding/find-issues.ts';

/** What is to be explained. */
export interface AskedExplanation {
  /** Its id, or a unique beginning. */
  readonly issue: string;
  readonly repository?: string | undefined;
  /** As a cycle would decide that starts at most so many issues. */
  readonly maxIssues?: number | undefined;
}

/**
 * Explains an issue from the plan as it is now and from what really happened.
 * @throws JitError INVALID_REQUEST (3, 4), usage (2), TRACKER_… (10)
 */
export async function explainIssue(
  workbench: Workbench,
  { issue: typed, repository, maxIssues }: AskedExplanation,
): Promise<DispatchExplanationOutput> {
  const [found] = await findIssues(workbench, [typed], repository);
  if (found === undefined) throw new Error('nothing was found and nothing refused');
  const { issue, site, tracker } = found;
  const ledger = await workbench.readLedger(site);
  const run = ledger?.liveRuns().find((each) => each.issue === issue.id) ?? null;
  const examination =
    issue.state === 'ready' ? await examineNow(workbench, found, maxIssues ?? null) : null;
  const blocked = examination === null && run === null ? await askWhy(tracker, issue.id) : null;
  const history = examination?.history ?? (await historyOf(tracker, found));
  const holder = readHolder(workbench.folder);
  const daemon = holder?.command === 'start' ? { pid: holder.pid, since: holder.since } : null;
  const decided = ledger?.wait(issue.id) ?? null;
  return {
    issue: issue.id,
    repository: site.repository,
    title: issue.title,
    state: issue.state,
    priority: issue.priority,
    ...verdictOf({ issue, repository: site.repository, examination, run, blocked, daemon }),
    decision: examination && toDecisionOutput(examination.decision, examination.record),
    place: examination && {
      at: examination.place,
      of: examination.decisions.length,
      starts_before: examination.startsBefore,
    },
    obstacles: [...(examination?.waits ?? [])],
    agents: examination === null ? [] : toRecordOutput(examination.record).agents,
    blocked,
    run: run && toRunOutput(run, readStall(join(site.folder, 'runs', run.run)), site.repository),
    pull_request: toPullOutput(ledger?.pullsOf(issue.id).at(-1) ?? null),
    history: history && {
      attempts: history.attempts,
      waits_in_row: history.waitsInRow,
      failures: history.failures.map((failure) => ({ ...failure })),
    },
    last_refusal: lastRefusal(ledger, issue.id),
    last_run: lastRun(ledger, issue.id),
    last_decided: decided && {
      reason: decided.reason,
      detail: decided.detail,
      priority: decided.priority,
      since: decided.since,
    },
    daemon,
  };
}

/** Null where it is not in the plan: it has just changed. */
async function examineNow(
  workbench: Workbench,
  { key, site }: FoundIssue,
  maxStarts: number | null,
): Promise<Examination | null> {
  const examiner = createExaminer(key);
  const { decisions, errors } = await planNow(workbench, {
    maxStarts,
    within: null,
    onDecision: examiner.see,
  });
  const failed = errors.find((each) => each.repository === site.repository);
  if (failed !== undefined) throw new JitError('external', failed.code, failed.message);
  return examiner.result(decisions);
}

/** What we rely on of what the tracker says. */
const Why = z.looseObject({
  summary: z.string(),
  roots: z.array(z.looseObject({ words: z.string(), next: z.string() })),
});

async function askWhy(
  tracker: Tracker,
  issue: string,
): Promise<DispatchExplanationOutput['blocked']> {
  const [answer] = await tracker.call([{ do: 'explain', issue }]);
  const why = Why.safeParse(answer?.is === 'ok' ? answer.result : null);
  if (!why.success) return null;
  const { summary, roots } = why.data;
  return { summary, roots: roots.map(({ words, next }) => ({ words, next })) };
}

async function historyOf(tracker: Tracker, { issue }: FoundIssue): Promise<IssueHistory | null> {
  if (issue.attempt === 0) return NO_HISTORY;
  return (await readHistories(tracker, [issue])).get(issue.id) ?? null;
}

/** What is journalled of a claim that was not given. */
const Refusal = z.looseObject({ code: z.string(), message: z.string() });

function lastRefusal(
  ledger: Ledger | null,
  issue: string,
): DispatchExplanationOutput['last_refusal'] {
  const lost = ledger?.runs({ issue }).find(isRefused);
  if (ledger === null || lost === undefined) return null;
  const [record] = ledger.recordsOf(lost.run, 'lost');
  const refusal = Refusal.safeParse(record?.data);
  if (record === undefined || !refusal.success) return null;
  return { at: record.at, code: refusal.data.code, message: refusal.data.message };
}

function lastRun(ledger: Ledger | null, issue: string): DispatchExplanationOutput['last_run'] {
  const last = ledger?.runs({ issue }).find((run) => run.ended_at !== null && !isRefused(run));
  if (last === undefined || last.ended_at === null) return null;
  const { run, agent, state, reason, detail, ended_at } = last;
  return { run, agent, state, reason: reason ?? state, detail: detail ?? '', ended_at };
}

function isRefused({ state, attempt }: Run): boolean {
  return state === 'lost' && attempt === null;
}
