import type { Style } from '@jit/cli-kit/style';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { JitError, usageError } from '@jit/contract/errors';
import type { IssuesCreatedOutput } from '@jit/contract/outputs/bulk';
import { stateInWords } from '../../cli/render-issue.ts';
import { rehearseTracker, writeTracker } from '../../cli/write-tracker.ts';
import type { JitContext } from '../../context.ts';
import { readDocument } from '../../domain/new-issues/read-document.ts';
import type { DocumentProblem, WrittenIssue } from '../../domain/new-issues/written-issue.ts';
import { createIssues } from '../../operations/create-issues.ts';
import type { WriteTx } from '../../store/store.ts';
import { toIssueItem } from '../../views/issue.ts';

/** How issues of a document are made. */
export interface CreateManyArgs {
  readonly define: boolean;
  readonly dryRun: boolean;
}

/** Makes the issues of a JSON document in one write: all or nothing. Errors: INVALID_ISSUES names every problem. */
export async function createMany(
  context: JitContext,
  text: string,
  { define, dryRun }: CreateManyArgs,
): Promise<IssuesCreatedOutput> {
  const { issues, problems } = readDocument(parsed(text));
  if (problems.length > 0) throw await invalidIssues(problems);
  if (issues.length === 0) throw usageError('--from-json holds no issue');
  const body = (tx: WriteTx) => answerOf(tx, issues, { define, dryRun });
  const answer = dryRun ? rehearseTracker(context, body) : writeTracker(context, body);
  if ('problems' in answer) throw await invalidIssues(answer.problems);
  return answer;
}

function parsed(text: string): unknown {
  try {
    // A byte order mark is no part of JSON, and some editors write one.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw usageError(`--from-json is not JSON: ${why}`, { cause });
  }
}

function answerOf(
  tx: WriteTx,
  issues: readonly WrittenIssue[],
  { define, dryRun }: CreateManyArgs,
): IssuesCreatedOutput | { readonly problems: readonly DocumentProblem[] } {
  const made = createIssues(tx, issues, define);
  if ('problems' in made) return made;
  const { ids, keys, gatesDefined } = made;
  return {
    dry_run: dryRun,
    created: ids.length,
    keys: { ...keys },
    gates_defined: [...gatesDefined],
    issues: ids.map((id) => toIssueItem(tx, tx.mustHave(id))),
  };
}

/** How many problems the message names; all of them stand in the details. */
const NAMED = 20;

/** The first problem decides the exit code. */
async function invalidIssues(problems: readonly DocumentProblem[]): Promise<JitError> {
  const details = [];
  for (const { place, code, message, typed, accepted } of problems) {
    const nearest = typed === undefined ? undefined : await suggest(typed, accepted ?? []);
    details.push({ place, code, message, nearest: nearest ?? null });
  }
  const lines = details.slice(0, NAMED).map(({ place, message, nearest }) => {
    const near = nearest === null ? '' : ` (${didYouMean(nearest, '')})`;
    return `  ${[place, message].filter((part) => part !== '').join(': ')}${near}`;
  });
  if (problems.length > NAMED) lines.push(`  … and ${problems.length - NAMED} more`);
  const count = counted(problems.length, 'problem');
  return new JitError(
    problems[0]?.kind ?? 'usage',
    'INVALID_ISSUES',
    [`no issue was made: ${count}`, ...lines].join('\n'),
    {
      hint: '[0] is the first issue. jit issue create --help tells the keys.',
      details: { problems: details },
    },
  );
}

/** A line per issue, the local key first. */
export async function renderCreated(data: IssuesCreatedOutput, style: Style): Promise<string> {
  const keyOf = new Map(Object.entries(data.keys).map(([key, id]) => [id, key]));
  const rows = data.issues.map((issue) => [
    keyOf.get(issue.id) ?? '',
    issue.short_id,
    stateInWords(issue.state, style),
    issue.priority,
    issue.title,
  ]);
  const table = await style.table(rows, ['key', 'id', 'state', 'priority', 'title']);
  const gates = data.gates_defined.length;
  const also = gates === 0 ? '' : ` and ${counted(gates, 'gate')}`;
  const end = data.dry_run
    ? `would create ${counted(data.created, 'issue')}${also}; nothing was made, and the ids will be others`
    : `created ${counted(data.created, 'issue')}${also}`;
  return `${table}\n${style.bold(end)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
