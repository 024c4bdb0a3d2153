import { usageError } from '@jit/contract/errors';
import type { JitContext } from '../../context.ts';
import { assigneeProblem } from '../../domain/assignee.ts';
import { MAX_TTL_SECS } from '../../domain/claims.ts';

/** The issue that a command is about. */
export const idArgument = {
  name: 'id',
  required: true,
  describe: 'id of the issue, or a unique beginning of at least 4 characters',
} as const;

/** Who gets the issue. */
export const assigneeArgument = {
  name: 'assignee',
  required: true,
  describe: 'who gets the issue',
} as const;

/** How long a claim lasts without a heartbeat. */
export const ttlOption = {
  type: 'number',
  min: 1,
  max: MAX_TTL_SECS,
  placeholder: 'SECS',
  describe:
    'give the claim a lease that ends after SECS seconds (1 to 2592000) without a heartbeat',
} as const;

/** The options of the commands that claim. */
export const claimingOptions = {
  ttl: ttlOption,
  'no-lease': {
    type: 'boolean',
    describe: 'a claim that does not end by itself, also where claim.ttl_secs is set',
  },
  claim: {
    type: 'string',
    placeholder: 'TOKEN',
    describe: 'bring your own token, so that the call can be repeated safely',
  },
  'max-held': {
    type: 'number',
    integer: true,
    min: 1,
    placeholder: 'N',
    describe: 'refuse if the assignee already holds N claims',
  },
} as const;

/** The lease of a new claim in seconds: `--ttl`, else the setting `claim.ttl_secs`; null: none. */
export function leaseOf(
  context: JitContext,
  args: { readonly ttl?: number | undefined; readonly noLease?: boolean },
): number | null {
  if (args.noLease && args.ttl !== undefined)
    throw usageError('--ttl and --no-lease exclude each other');
  if (args.noLease) return null;
  const ttl = args.ttl ?? context.settings.resolve('claim.ttl_secs').value;
  return ttl === null ? null : Number(ttl);
}

/** The name of an assignee. Errors: USAGE for what a failed look-up prints, and for more than one line. */
export function assigneeOf(text: string): string {
  const problem = assigneeProblem(text);
  if (problem !== null) throw usageError(problem);
  return text.trim();
}
