import type { ClaimRecord, Instant } from './holding.ts';
import { leaseEnd } from './holding.ts';
import type { Issue } from './issue.ts';
import { newIssue } from './issue.ts';

/** An issue for tests, of which only what differs is said. */
export function anIssue(more: Partial<Issue> = {}): Issue {
  const base = newIssue({
    id: 'a000',
    title: 'an issue',
    created_at: '2026-01-01T00:00:00.000Z',
    created_by: 'ana',
  });
  return { ...base, ...more };
}

/** A moment `seconds` after the start of the tests' world. */
export function moment(seconds: number, boot = 'boot-1'): Instant {
  return { wall: Date.UTC(2026, 0, 1) + seconds * 1000, uptime: 1000 + seconds, boot };
}

/** The record of a claim given at second 0, of which only what differs is said. */
export function aRecord(more: Partial<ClaimRecord> & { ttl?: number | null } = {}): ClaimRecord {
  const { ttl = 60, ...rest } = more;
  return {
    issue: 'a000',
    attempt: 1,
    token_hash: 'hash-1',
    assignee: 'agent',
    since: '2026-01-01T00:00:00.000Z',
    ttl_secs: ttl,
    ...leaseEnd(ttl, moment(0)),
    ended: null,
    ...rest,
  };
}

/** The issue that goes with `aRecord`. */
export function aClaimedIssue(more: Partial<Issue> = {}): Issue {
  return anIssue({
    state: 'in_progress',
    assignee: 'agent',
    attempt: 1,
    claim: {
      since: '2026-01-01T00:00:00.000Z',
      ttl_secs: 60,
      token_hash: 'hash-1',
      origin: 'here',
    },
    ...more,
  });
}
