import { JitError } from '@jit/contract/errors';
import type {
  ExplainedIssueOutput,
  ExplanationOutput,
  ReasonOutput,
  RootCauseOutput,
} from '@jit/contract/outputs/explanation';
import { findCycles } from '../domain/graph.ts';
import type { Issue } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';
import { reasonsOf } from './explain-reasons.ts';
import { reasonInWords } from './explain-words.ts';

/** Why an issue is or is not ready: the issues it waits for, each once, and what is at the end of each chain. */
export function toExplanation(tx: ReadTx, issue: Issue): ExplanationOutput {
  const chain = chainOf(tx, issue.id);
  const nodes = new Map(chain.map((link) => [link.id, link]));
  const cycles = findCycles([...nodes.keys()], (id) => targetsOf(nodes.get(id)));
  const roots = [...chain.flatMap(rootsOf), ...cycles.map(circle)];
  const state = shownState(issue, tx);
  return {
    id: issue.id,
    short_id: tx.shortId(issue.id),
    title: issue.title,
    state,
    ready: state === 'ready',
    summary: summaryOf(issue, state, chain[0]?.reasons ?? []),
    chain,
    roots,
  };
}

/** The issue and all it waits for, nearest first. Finished ones hold nothing and are left out. */
function chainOf(tx: ReadTx, start: string): ExplainedIssueOutput[] {
  const found = new Map([[start, { via: null as string | null, depth: 0 }]]);
  const chain: ExplainedIssueOutput[] = [];
  // A map is walked in the order of its entries, also over those added on the way.
  for (const [id, { via, depth }] of found) {
    const link = { ...linkOf(tx, id), via, depth };
    chain.push(link);
    for (const target of targetsOf(link)) {
      if (!found.has(target)) found.set(target, { via: id, depth: depth + 1 });
    }
  }
  return chain;
}

function targetsOf(link: Pick<ExplainedIssueOutput, 'reasons'> | undefined): string[] {
  return (link?.reasons ?? []).flatMap((reason) =>
    reason.type === 'dependency' ? [reason.issue] : [],
  );
}

function linkOf(tx: ReadTx, id: string): Omit<ExplainedIssueOutput, 'via' | 'depth'> {
  const facts = { id, short_id: tx.shortId(id), title: null };
  let issue: Issue | undefined;
  try {
    issue = tx.issue(id);
  } catch (error) {
    if (!(error instanceof JitError) || error.code !== 'UNREADABLE') throw error;
    const file = `.jit/issues/${id}.json`;
    const problem = tx.unreadable().find(({ path }) => `.jit/${path}` === file)?.problem;
    const reason = { type: 'unreadable' as const, file, problem: problem ?? error.message };
    return { ...facts, state: 'unreadable', reasons: [reason] };
  }
  if (issue === undefined) {
    return { ...facts, short_id: id, state: 'missing', reasons: [{ type: 'missing' }] };
  }
  const { title } = issue;
  return { ...facts, title, state: shownState(issue, tx), reasons: reasonsOf(tx, issue) };
}

function rootsOf({ id, state, via, reasons }: ExplainedIssueOutput): RootCauseOutput[] {
  return (
    reasons
      // Nothing opens an archived issue again.
      .filter(({ type }) => type !== 'dependency' && state !== 'archived')
      .map((reason) => ({ issue: id, reason, ...reasonInWords(id, reason, via) }))
  );
}

function circle(path: string[]): RootCauseOutput {
  const issue = path[0] ?? '';
  const reason = { type: 'cycle' as const, path };
  return { issue, reason, ...reasonInWords(issue, reason, null) };
}

function summaryOf(
  issue: Issue,
  state: ExplanationOutput['state'],
  reasons: readonly ReasonOutput[],
): string {
  const why = reasons.map((reason) => reasonInWords('it', reason, issue.id).words);
  if (!isUnfinished(issue)) return `${issue.id} is ${state}: ${why.join('; ')}`;
  if (state === 'ready') return `${issue.id} is ready: ${why.map(withoutReady).join('; ')}`;
  const what = state === 'open' ? 'not ready' : state.replace('_', ' ');
  const rest = why.length === 0 ? 'nothing holds it any more, the next write moves it on' : null;
  return `${issue.id} is ${what}: ${rest ?? shortened(why).join('; ')}`;
}

/** How many reasons a sentence holds; all of them stand in the chain. */
const MAX_IN_SENTENCE = 5;

function shortened(parts: readonly string[]): readonly string[] {
  if (parts.length <= MAX_IN_SENTENCE) return parts;
  return [...parts.slice(0, MAX_IN_SENTENCE), `and ${parts.length - MAX_IN_SENTENCE} more`];
}

function withoutReady(words: string): string {
  return words.replace(/^it is ready(, | and )/, (_, join: string) =>
    join === ', ' ? '' : 'it is ',
  );
}
