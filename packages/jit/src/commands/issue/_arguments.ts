import { usageError } from '@jit/contract/errors';
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

const FAILED_LOOKUPS = ['null', 'undefined', 'none', 'nan'];

/** The name of an assignee. Errors: USAGE for what a failed look-up prints, and for more than one line. */
export function assigneeOf(text: string): string {
  const name = text.trim();
  if (name === '') throw usageError('the assignee is empty');
  if (FAILED_LOOKUPS.includes(name.toLowerCase())) {
    throw usageError(`the assignee can't be "${name}": that is what a failed look-up prints`);
  }
  if (/[\r\n]/.test(name)) throw usageError('the assignee has more than one line');
  return name;
}
