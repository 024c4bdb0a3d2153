import { JitError } from '@jit/contract/errors';
import type { EstimateOutput } from '@jit/contract/outputs/estimate';
import { WISH_KEYS, type WorkClass } from '@jit/contract/vocabulary';
import type { Sight } from '../../daemon/looking/look.ts';
import { readHistories } from '../../daemon/looking/read-histories.ts';
import { knownClasses } from '../../daemon/looking/told-classes.ts';
import { createExaminer, type Examination } from '../../planning/examine.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import { toRecordOutput } from '../../views/to-decision-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { lookEverywhere } from '../dispatching/look-everywhere.ts';
import { planSeen } from '../dispatching/plan-now.ts';
import { type FoundIssue, findIssues } from '../finding/find-issues.ts';
import { mustBeAgents } from '../finding/must-be-agents.ts';
import { warnOfTaskType } from '../finding/warn-of-task-type.ts';
import { estimatePrompt } from './estimate-prompt.ts';

/** What would be wished, were it dispatched. */
export interface EstimateOptions {
  readonly repository?: string | undefined;
  readonly prefer?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly class?: WorkClass | undefined;
  readonly taskType?: string | undefined;
  readonly tokenBudget?: number | undefined;
}

/**
 * Who would get an issue if it were its turn now, whether it is ready or not; changes nothing.
 * @throws JitError INVALID_REQUEST (3, 4), usage (2), TRACKER_… (10)
 */
export async function estimateIssue(
  workbench: Workbench,
  typed: string,
  { repository, ...wishes }: EstimateOptions = {},
): Promise<EstimateOutput> {
  const { prefer = '', exclude = [] } = wishes;
  await mustBeAgents(workbench, [...(prefer === '' ? [] : [prefer]), ...exclude]);
  await warnOfTaskType(workbench, wishes.taskType);
  const { found, examination } = await examineAlone(workbench, typed, { repository, wishes });
  const { issue, site } = found;
  const record = toRecordOutput(examination.record);
  // Whose work it is has to be known first.
  const isKnown = examination.record.assessment.classed?.is !== 'unclassified';
  const able = record.agents.filter(
    ({ standing }) => isKnown && (standing === 'chosen' || standing === 'free'),
  );
  const [best, ...others] = able;
  const budget = record.wishes.token_budget ?? workbench.config.prompt.budgetTokens;
  const agent = workbench.config.agents.find(({ id }) => id === best?.agent);
  const prompt =
    agent === undefined ? null : await estimatePrompt(workbench, found, { agent, budget });
  return {
    issue: issue.id,
    repository: site.repository,
    title: issue.title,
    state: issue.state,
    recommended: best?.agent ?? null,
    score: best?.score ?? null,
    classification: record.class?.class ?? null,
    confidence: record.class?.confidence ?? null,
    task_type: record.task_type.name,
    risk: record.risk?.score ?? null,
    token_estimate: prompt ?? record.text_tokens,
    token_budget: budget,
    alternatives: others.map(({ agent: id, score }) => ({ agent: id, score })),
    detail: best?.detail ?? examination.decision.detail,
    record,
  };
}

/** Examines an issue as if it were ready and the only one. */
export async function examineAlone(
  workbench: Workbench,
  typed: string,
  {
    repository,
    wishes,
  }: { repository: string | undefined; wishes: Omit<EstimateOptions, 'repository'> },
): Promise<{ readonly found: FoundIssue; readonly examination: Examination }> {
  const [found] = await findIssues(workbench, [typed], repository);
  if (found === undefined) throw new Error('nothing was found and nothing refused');
  const seen = await lookEverywhere(workbench);
  const failed = seen.errors.find((each) => each.repository === found.site.repository);
  if (failed !== undefined) throw new JitError('external', failed.code, failed.message);
  const histories = await readHistories(found.tracker, [found.issue]);
  const ledger = await workbench.readLedger(found.site);
  const issue = asReady(found.issue);
  const told = knownClasses(ledger, [issue], workbench.config);
  const alone = (sight: Sight): Sight => {
    if (sight.repository !== found.site.repository) return { ...sight, ready: [] };
    return { ...sight, ready: [wished(issue, wishes)], histories, told };
  };
  const examiner = createExaminer(found.key);
  const sights = seen.sights.map(alone);
  const decisions = await planSeen(
    workbench,
    { ...seen, sights },
    { maxStarts: null, onDecision: examiner.see },
  );
  const examination = examiner.result(decisions);
  if (examination === null) throw new Error('the only issue of a plan is not in it');
  return { found, examination };
}

/** Who it waits for gets it; who has it now, or had it, is no reservation. */
function asReady(issue: TrackerIssue): TrackerIssue {
  const isWaiting = issue.state === 'ready' || issue.state === 'open';
  return isWaiting && !issue.isClaimed ? issue : { ...issue, assignee: null };
}

/** The issue with the wishes that would be stored in it. */
function wished(
  issue: TrackerIssue,
  { prefer, exclude, class: workClass, taskType, tokenBudget }: Omit<EstimateOptions, 'repository'>,
): TrackerIssue {
  const asked = {
    [WISH_KEYS.prefer]: prefer,
    [WISH_KEYS.exclude]: exclude?.join(','),
    [WISH_KEYS.class]: workClass,
    [WISH_KEYS.taskType]: taskType,
    [WISH_KEYS.tokenBudget]: tokenBudget?.toString(),
  };
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  if (said.length === 0) return issue;
  const whole = (issue.whole ?? {}) as { readonly metadata?: object };
  const metadata = { ...whole.metadata, ...Object.fromEntries(said) };
  return { ...issue, whole: { ...whole, metadata } };
}
