import { JitError } from '@jit/contract/errors';
import { describe, expect, it } from 'vitest';
import type { ClaimFacts } from './claims.ts';
import { decideClaim } from './claims.ts';
import { checkOwner, checkToken } from './fencing.ts';
import { holdingOf } from './holding.ts';
import { aClaimedIssue, anIssue, aRecord, moment } from './issue-fixture.ts';

const request = {
  assignee: 'agent',
  tokenHash: 'hash-2',
  ttlSecs: 60,
  origin: 'here',
  now: moment(5),
};

function facts(more: Partial<ClaimFacts> = {}): ClaimFacts {
  const issue = more.issue ?? anIssue();
  const record = more.record;
  return {
    issue,
    record,
    holding: holdingOf(issue, record, 'here', request.now),
    blockers: [],
    gate: () => undefined,
    ...more,
  };
}

function codeOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof JitError) return `${error.code} (${error.kind})`;
    throw error;
  }
  return 'nothing was thrown';
}

describe('a claim', () => {
  it('of a ready issue is given, with the next attempt and an event of each change', () => {
    const change = decideClaim(facts({ issue: anIssue({ attempt: 3 }) }), request);
    expect(change?.issue).toMatchObject({ state: 'in_progress', assignee: 'agent', attempt: 4 });
    expect(change?.events.map((event) => event.type)).toEqual(['claimed', 'state_changed']);
    expect(change?.record).toMatchObject({
      attempt: 4,
      token_hash: 'hash-2',
      expires_at: moment(65).wall,
    });
  });

  it('ends the rest of the issue, whatever the clock says later', () => {
    const rested = anIssue({ defer_until: new Date(request.now.wall - 1_000).toISOString() });
    expect(decideClaim(facts({ issue: rested }), request)?.issue.defer_until).toBeNull();
  });
  it('has an attempt above the one that git took from the file', () => {
    const record = aRecord({
      attempt: 7,
      ended: { at: '2026-01-01T00:00:01.000Z', reason: 'released' },
    });
    expect(
      decideClaim(facts({ issue: anIssue({ attempt: 2 }), record }), request)?.issue.attempt,
    ).toBe(8);
  });

  it('repeated with its own token is no new claim', () => {
    const again = { ...request, tokenHash: 'hash-1' };
    expect(decideClaim(facts({ issue: aClaimedIssue(), record: aRecord() }), again)).toBeNull();
  });

  it.each([
    [
      'of a held issue',
      facts({ issue: aClaimedIssue(), record: aRecord() }),
      'ALREADY_CLAIMED (conflict)',
    ],
    [
      'of a blocked issue',
      facts({ blockers: [{ type: 'dependency', issue: 'b000', state: 'open' }] }),
      'BLOCKED (blocked)',
    ],
    ['of a done issue', facts({ issue: anIssue({ state: 'done' }) }), 'ILLEGAL_MOVE (invalid)'],
    ['of a gated issue', facts({ issue: anIssue({ state: 'gated' }) }), 'ILLEGAL_MOVE (invalid)'],
    [
      'of work in progress without a claim',
      facts({ issue: anIssue({ state: 'in_progress' }) }),
      'ILLEGAL_MOVE (invalid)',
    ],
    [
      'of an issue reserved for another',
      facts({ issue: anIssue({ assignee: 'other' }) }),
      'RESERVED (conflict)',
    ],
    [
      'with the token of a claim that ended',
      facts({
        record: aRecord({
          token_hash: 'hash-2',
          ended: { at: '2026-01-01T00:00:01.000Z', reason: 'released' },
        }),
      }),
      'LOST_CLAIM (lost_claim)',
    ],
  ])('%s is refused', (_, given, code) => {
    expect(codeOf(() => decideClaim(given, request))).toBe(code);
  });

  it('by the one it is reserved for is given', () => {
    expect(decideClaim(facts({ issue: anIssue({ assignee: 'agent' }) }), request)).not.toBeNull();
  });

  it('sets exit gates back to pending and keeps what entry gates got', () => {
    const issue = anIssue({ gates: { entry: { status: 'passed' }, exit: { status: 'passed' } } });
    const gate = (key: string) => ({
      key,
      title: key,
      description: '',
      stage: key === 'entry' ? ('ready' as const) : ('done' as const),
      mode: 'manual' as const,
      checker: null,
      extra: {},
    });
    expect(decideClaim(facts({ issue, gate }), request)?.issue.gates).toEqual({
      entry: { status: 'passed' },
      exit: { status: 'pending' },
    });
  });
});

describe('a write', () => {
  const held = holdingOf(aClaimedIssue(), aRecord(), 'here', moment(5));
  const expired = holdingOf(aClaimedIssue(), aRecord(), 'here', moment(61));
  const free = holdingOf(anIssue(), undefined, 'here', moment(5));
  const released = aRecord({ ended: { at: '2026-01-01T00:00:01.000Z', reason: 'released' } });
  const mine = { tokenHash: 'hash-1', override: false };
  const stale = { tokenHash: 'hash-0', override: false };
  const nothing = { tokenHash: null, override: false };
  const override = { tokenHash: null, override: true };

  it.each([
    [
      'the token of the claim may change the state',
      () => checkOwner('a', held, aRecord(), mine).kind,
      'go',
    ],
    [
      'a stale token may not even add a label',
      () => codeOf(() => checkToken('a', held, aRecord(), stale)),
      'LOST_CLAIM (lost_claim)',
    ],
    [
      'a token of a claim that is over is stale',
      () => codeOf(() => checkOwner('a', expired, aRecord(), mine)),
      'LOST_CLAIM (lost_claim)',
    ],
    [
      'a token on a free issue that it never held is stale',
      () => codeOf(() => checkOwner('a', free, undefined, mine)),
      'LOST_CLAIM (lost_claim)',
    ],
    [
      'the token of the last holder is known as that',
      () => checkOwner('a', free, released, mine).kind,
      'last-holder',
    ],
    [
      'no token under a live lease may not change the state',
      () => codeOf(() => checkOwner('a', held, aRecord(), nothing)),
      'CLAIM_HELD (conflict)',
    ],
    [
      'no token under a live lease may add a label',
      () => checkToken('a', held, aRecord(), nothing).kind,
      'go',
    ],
    [
      'no token may end a claim without a lease',
      () =>
        checkOwner('a', { ...held, ttl_secs: null } as typeof held, aRecord({ ttl: null }), nothing)
          .kind,
      'go',
    ],
    [
      'no token may change a free issue',
      () => checkOwner('a', free, undefined, nothing).kind,
      'go',
    ],
    [
      'an override may change the state and names whom it overrides',
      () => checkOwner('a', held, aRecord(), override),
      { kind: 'go', overrides: held },
    ],
  ])('with %s', (_, body, expected) => {
    expect(body()).toEqual(expected);
  });
});
