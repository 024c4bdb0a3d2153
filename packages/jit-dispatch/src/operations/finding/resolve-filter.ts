import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { JitError, usageError } from '@jit/contract/errors';
import { idProblem, MIN_PREFIX } from '@jit/contract/ids';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunFilter } from '../../ledger/run.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** Whose runs were asked for, as it was typed. */
export type AskedFilter = Pick<RunFilter, 'issue' | 'agent'>;

/**
 * Turns what was typed into a filter with whole ids. Null, with a warning, where no run ever was of
 * such an issue or agent: an empty list alone would look like an answer.
 * @throws JitError usage, `AMBIGUOUS_ID` (exit 4)
 */
export async function resolveFilter(
  { warn, name }: Pick<Workbench, 'warn' | 'name'>,
  ledgers: readonly Ledger[],
  { issue, agent }: AskedFilter,
): Promise<AskedFilter | null> {
  check('issue', issue);
  check('agent', agent);
  const refuse = async (what: string, typed: string, known: readonly string[]) => {
    const nearest = await suggest(typed, known);
    const hint = didYouMean(nearest, `dispatcher ${name} never had one; is --name right?`);
    warn(`no run has the ${what} ${typed}; ${hint}`);
    return null;
  };

  const issues = issue === undefined ? [] : namesIn(ledgers, 'issue');
  const whole = issue === undefined ? undefined : wholeId(issue, issues);
  if (issue !== undefined && whole === undefined) return refuse('issue', issue, issues);
  const agents = agent === undefined ? [] : namesIn(ledgers, 'agent');
  if (agent !== undefined && !agents.includes(agent)) return refuse('agent', agent, agents);
  return { ...(whole !== undefined && { issue: whole }), ...(agent !== undefined && { agent }) };
}

function namesIn(ledgers: readonly Ledger[], column: 'issue' | 'agent'): readonly string[] {
  return [...new Set(ledgers.flatMap((ledger) => ledger.named(column)))];
}

function check(what: string, typed: string | undefined): void {
  const problem = typed === undefined ? null : idProblem(typed);
  if (problem !== null)
    throw usageError(`--${what}: "${typed}" is no ${what} id: ${problem}`, {
      hint: 'jit-dispatch runs --all shows the ids',
    });
}

function wholeId(typed: string, ids: readonly string[]): string | undefined {
  if (ids.includes(typed)) return typed;
  const matches = typed.length < MIN_PREFIX ? [] : ids.filter((id) => id.startsWith(typed));
  if (matches.length <= 1) return matches[0];
  const more = matches.length > 5 ? ', …' : '';
  throw new JitError('invalid', 'AMBIGUOUS_ID', `"${typed}" begins ${matches.length} ids`, {
    hint: `give more of it: ${matches.slice(0, 5).join(', ')}${more}`,
    details: { ref: typed, candidates: matches },
  });
}
