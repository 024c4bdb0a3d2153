import type { Style } from '@jit/cli-kit/style';
import { type ErrorKind, EXIT_CODES, usageError } from '@jit/contract/errors';
import type { BulkChangeOutput, BulkIssueOutput } from '@jit/contract/outputs/bulk';
import { candidates } from '../../cli/filter.ts';
import { expressionOption, readFilter } from '../../cli/read-filter.ts';
import { rehearseTracker, writeTracker } from '../../cli/write-tracker.ts';
import type { JitContext } from '../../context.ts';
import { matches } from '../../domain/filter/matches.ts';
import { printFilter } from '../../domain/filter/print-filter.ts';
import { createdOrder } from '../../domain/order.ts';
import { changeAll, type OneChanged } from '../../operations/change-all.ts';
import type { WriteTx } from '../../store/store.ts';
import { toBulkChange } from '../../views/bulk-change.ts';

/** The options of `update` that concern many issues. */
export const manyOptions = {
  filter: {
    ...expressionOption,
    describe: 'instead of an id: every issue that fits; see jit help filter',
  },
  'dry-run': { type: 'boolean', describe: 'with --filter: show what would change, change nothing' },
  'keep-going': {
    type: 'boolean',
    describe: 'with --filter: change each issue as if alone; what is refused is told',
  },
} as const;

/** The parsed form of these options, with what they exclude. */
export interface ManyArgs {
  readonly id: string | undefined;
  readonly filter: string | undefined;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly claim: string | undefined;
}

/** Refuses flags that contradict each other. Errors: USAGE. */
export function checkMany({ id, filter, dryRun, keepGoing, claim }: ManyArgs): void {
  if (id === undefined && filter === undefined) {
    throw usageError('<id> is missing', {
      hint: 'Give the id of an issue, or --filter EXPR for all that fit.',
      details: { missing: ['<id>'] },
    });
  }
  if (id !== undefined && filter !== undefined) {
    throw usageError('an id and --filter exclude each other');
  }
  if (filter === undefined && (dryRun || keepGoing)) {
    throw usageError(`${dryRun ? '--dry-run' : '--keep-going'} goes with --filter only`);
  }
  if (filter !== undefined && claim !== undefined) {
    throw usageError('--claim belongs to one issue and does not go with --filter');
  }
}

/** Changes every issue that fits in one write, or only tells what that would do. */
export async function updateMany(
  context: JitContext,
  { filter, dryRun, keepGoing }: ManyArgs,
  change: (tx: WriteTx, id: string) => OneChanged,
): Promise<BulkChangeOutput> {
  const expression = await readFilter(filter);
  if (expression === null) throw new Error('there is no filter'); // checkMany asks for one
  const body = (tx: WriteTx) => {
    const fitting = candidates(tx, expression)
      .filter((issue) => matches(expression, issue, tx))
      .toSorted(createdOrder);
    const outcomes = changeAll(tx, fitting, (id) => change(tx, id), keepGoing);
    return toBulkChange(tx, outcomes, { filter: printFilter(expression), dryRun });
  };
  const answer = dryRun ? rehearseTracker(context, body) : writeTracker(context, body);
  if (answer.matched === 0) context.warn('no issue fits the filter: nothing was changed');
  return answer;
}

/** The kind of the first refusal, which decides the exit code; null where there is none. */
export function exitOfMany({ issues }: BulkChangeOutput): ErrorKind | null {
  const exit = issues.find(({ refusal }) => refusal !== null)?.refusal?.exit;
  const kinds = Object.keys(EXIT_CODES) as ErrorKind[]; // the keys of that table
  return kinds.find((kind) => EXIT_CODES[kind] === exit) ?? null;
}

/** A line per issue: what changed from what to what, or why not. */
export function renderMany(data: BulkChangeOutput, style: Style): string {
  const verb = data.dry_run ? 'would change' : 'changed';
  const refused = data.refused === 0 ? '' : `, ${data.refused} refused`;
  const note = data.dry_run ? '; nothing was changed' : '';
  return [
    ...data.issues.map((issue) => line(issue, style)),
    style.bold(
      `${verb} ${data.changed} of ${data.matched} ${data.matched === 1 ? 'issue' : 'issues'}${refused}${note}`,
    ),
  ].join('\n');
}

function line({ short_id, title, changes, refusal, token }: BulkIssueOutput, style: Style): string {
  const parts = Object.entries(changes).map(
    ([field, { from, to }]) => `${field} ${inWords(from)} → ${inWords(to)}`,
  );
  if (token !== null) parts.push(`claim token ${token}`);
  if (refusal !== null) parts.push(style.red(`refused: ${refusal.message}`));
  return [short_id, parts.length === 0 ? 'unchanged' : parts.join(', '), title].join('  ');
}

function inWords(value: unknown): string {
  if (value === null || value === '') return 'none';
  if (typeof value === 'string') return value.includes('\n') ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}
