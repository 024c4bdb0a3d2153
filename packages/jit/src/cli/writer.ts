import { usageError } from '@jit/contract/errors';
import { MIN_PREFIX } from '@jit/contract/ids';
import type { JitContext } from '../context.ts';
import type { Writer } from '../operations/writer.ts';
import type { ReadTx } from '../store/store.ts';

/** The options of commands that change an issue: they may carry the token of its claim. */
export const claimOptions = {
  claim: {
    type: 'string',
    placeholder: 'TOKEN',
    describe: 'token of the claim this work is done under',
  },
} as const;

/** The options of commands that change state, assignee or claim. */
export const ownerOptions = {
  ...claimOptions,
  'override-claim': {
    type: 'boolean',
    describe: 'write over a live claim; needs --reason and is recorded',
  },
  reason: { type: 'text', describe: 'why' },
} as const;

/** The parsed form of these options. */
export interface WriterArgs {
  readonly claim?: string | undefined;
  readonly overrideClaim?: boolean;
  readonly reason?: string | undefined;
}

/** Who writes to this issue: `--claim`, else the token of the environment where it is for this issue. */
export function writerOf(context: JitContext, tx: ReadTx, id: string, args: WriterArgs): Writer {
  const override = args.overrideClaim === true;
  if (override && args.reason === undefined)
    throw usageError('--override-claim needs --reason TEXT');
  if (override && args.claim !== undefined)
    throw usageError('--override-claim and --claim exclude each other');
  if (override) return { token: null, override: args.reason ?? null };
  if (context.carried?.issue === null && args.claim === undefined) {
    context.warn('JIT_CLAIM counts for the issue in JIT_ISSUE_ID only, and that is not set');
  }
  const carried = isCarried(context, tx, id) ? (context.carried?.token ?? null) : null;
  return { token: args.claim ?? carried, override: null };
}

/** The environment may name the issue by a prefix, as a person would. */
function isCarried({ carried }: JitContext, tx: ReadTx, id: string): boolean {
  const issue = carried?.issue ?? null;
  if (issue === null) return false;
  if (issue === id) return true;
  const isPrefix = issue.length >= MIN_PREFIX && id.startsWith(issue);
  return isPrefix && tx.stateOf(issue) === 'missing' && issue.length >= tx.shortId(id).length;
}
