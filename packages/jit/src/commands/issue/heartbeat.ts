import { usageError } from '@jit/contract/errors';
import type { HeartbeatOutput } from '@jit/contract/outputs/issue';
import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import { heartbeatClaim } from '../../operations/heartbeat-claims.ts';
import { idArgument, ttlOption } from './_arguments.ts';

export const heartbeat = defineCommand({
  path: 'issue heartbeat',
  summary: 'renew the lease of a claim',
  description:
    'Renews for one more full term, also a lease that has just ended if nobody took the issue since. Of several ids either all are renewed or none. The answer is always a list.',
  examples: [
    {
      argv: 'issue heartbeat 7kq2 --claim "$TOKEN"',
      does: 'renews for the length the claim was made with',
    },
    { argv: 'issue heartbeat 7kq2 --ttl 1800', does: 'with JIT_CLAIM, for half an hour from now' },
  ],
  positionals: [{ ...idArgument, variadic: true }],
  options: { ...claimOptions, ttl: ttlOption },
  output: 'Heartbeat[]',
  exits: [
    '2 no token, or a claim without a lease',
    '3 no such issue',
    '7 the claim is lost: stop the work',
  ],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const ids = new Set(args.id.map((ref) => tx.resolve(ref)));
      return [...ids].map((id): HeartbeatOutput => {
        const { token } = writerOf(context, tx, id, args);
        if (token === null) {
          throw usageError('a heartbeat needs the token of the claim', {
            hint: 'Give --claim TOKEN, or set JIT_CLAIM and JIT_ISSUE_ID.',
          });
        }
        return heartbeatClaim(tx, id, token, args.ttl ?? null);
      });
    }),
  render: (renewed, style) =>
    renewed
      .map(({ id, expires_at, resumed }) => {
        const did = resumed ? 'resumed' : 'renewed';
        return `${style.bold(`${id} ${did}`)} · lease until ${expires_at}`;
      })
      .join('\n'),
});
