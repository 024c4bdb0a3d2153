import { describe, expect, it } from 'vitest';
import { holdingOf, isOver, settleIssue } from './holding.ts';
import { aClaimedIssue, anIssue, aRecord, moment } from './issue-fixture.ts';

const HERE = { origin: 'here', gate: () => undefined, record: () => undefined };

describe('who holds an issue', () => {
  it('is its claimer while the lease runs', () => {
    expect(holdingOf(aClaimedIssue(), aRecord(), 'here', moment(59))).toMatchObject({
      kind: 'held',
      assignee: 'agent',
    });
  });

  it('is nobody from the second in which the lease ends', () => {
    const holding = holdingOf(aClaimedIssue(), aRecord(), 'here', moment(60));
    expect(holding).toMatchObject({
      kind: 'ended',
      reason: 'expired',
      ended_at: '2026-01-01T00:01:00.000Z',
    });
  });

  it('is its claimer for ever where the claim has no lease', () => {
    expect(holdingOf(aClaimedIssue(), aRecord({ ttl: null }), 'here', moment(1e9)).kind).toBe(
      'held',
    );
  });

  it('is its claimer although git set the file back to open', () => {
    const file = anIssue({ state: 'open' });
    const holding = holdingOf(file, aRecord(), 'here', moment(1));
    expect(holding.kind).toBe('held');
    expect(settleIssue(file, holding, HERE)).toMatchObject({
      state: 'in_progress',
      assignee: 'agent',
      attempt: 1,
    });
  });

  it('is nobody once the file says that the work is finished', () => {
    for (const state of ['done', 'rejected', 'archived'] as const) {
      expect(holdingOf(aClaimedIssue({ state }), aRecord(), 'here', moment(1)).kind).toBe('free');
    }
  });

  it('is nobody where the record says that the claim ended, even if git brought the file of before back', () => {
    const record = aRecord({ ended: { at: '2026-01-01T00:00:30.000Z', reason: 'released' } });
    const holding = holdingOf(aClaimedIssue(), record, 'here', moment(40));
    expect(holding).toMatchObject({ kind: 'ended', reason: 'released' });
    expect(settleIssue(aClaimedIssue(), holding, HERE)).toMatchObject({
      state: 'open',
      assignee: null,
      claim: null,
    });
  });

  it('is nobody where git brought back a claim of this tracker that a later attempt had replaced', () => {
    const ended = { at: '2026-01-01T00:00:30.000Z', reason: 'released' };
    const record = aRecord({ ended, attempt: 2, token_hash: 'hash-2' });
    const file = aClaimedIssue();
    const holding = holdingOf(file, record, 'here', moment(40));
    expect(holding).toMatchObject({ kind: 'ended', reason: 'released', attempt: 2 });
    expect(settleIssue(file, holding, HERE)).toMatchObject({
      state: 'open',
      attempt: 2,
      claim: null,
    });
    expect(holdingOf(file, record, 'elsewhere', moment(40)).kind).toBe('held');
  });

  it('is the claimer of the file where the record was lost, for a full term from now', () => {
    const holding = holdingOf(aClaimedIssue(), undefined, 'here', moment(500));
    expect(holding).toMatchObject({ kind: 'held', expires_at: moment(560).wall });
  });

  it('is the claimer of another machine, whose lease does not end here', () => {
    expect(holdingOf(aClaimedIssue(), undefined, 'elsewhere', moment(1e6))).toMatchObject({
      kind: 'held',
      expires_at: null,
    });
  });

  it('is the claimer of a later attempt that a merge brought', () => {
    const file = aClaimedIssue({
      attempt: 2,
      assignee: 'other',
      claim: {
        since: '2026-01-01T00:00:10.000Z',
        ttl_secs: 60,
        token_hash: 'hash-2',
        origin: 'elsewhere',
      },
    });
    expect(holdingOf(file, aRecord(), 'here', moment(1))).toMatchObject({
      kind: 'held',
      assignee: 'other',
      attempt: 2,
    });
  });
});

describe('the end of a lease', () => {
  it('is judged by uptime within one start of the machine, so that a set clock ends nothing', () => {
    const wallJumped = { ...moment(10), wall: moment(10_000).wall };
    expect(isOver(aRecord(), wallJumped)).toBe(false);
    const wallSetBack = { ...moment(61), wall: moment(-10_000).wall };
    expect(isOver(aRecord(), wallSetBack)).toBe(true);
  });

  it('is judged by wall time after another start of the machine', () => {
    expect(isOver(aRecord(), { wall: moment(59).wall, uptime: 5, boot: 'boot-2' })).toBe(false);
    expect(isOver(aRecord(), { wall: moment(60).wall, uptime: 5, boot: 'boot-2' })).toBe(true);
  });
});

describe('settling an issue', () => {
  it('leaves a gated issue gated when its claim ends', () => {
    const gated = aClaimedIssue({ state: 'gated' });
    const holding = holdingOf(gated, aRecord(), 'here', moment(61));
    expect(settleIssue(gated, holding, HERE)).toMatchObject({
      state: 'gated',
      assignee: null,
      claim: null,
    });
  });
});
