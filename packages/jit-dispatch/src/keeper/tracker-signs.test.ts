import { expect, test } from 'vitest';
import { hasTrackerSign, type IssueView } from './tracker-signs.ts';

const at = (secs: number) => new Date(Date.UTC(2026, 0, 1) + secs * 1000).toISOString();
const UNKNOWN = { expiresAt: null, updatedAt: null };
const fresh: IssueView = {
  claim: { since: at(0), ttl_secs: 600, expires_at: at(600) },
  updated_at: at(0),
  updated_by: 'jit-dispatch:host',
};

test('an issue as the claim left it says nothing', () => {
  expect(hasTrackerSign(fresh, UNKNOWN)).toBe(false);
  expect(hasTrackerSign({}, UNKNOWN)).toBe(false);
});

test('a heartbeat of the agent is a sign of life, one of the keeper is none', () => {
  const renewed = { ...fresh, claim: { ...fresh.claim, expires_at: at(700) } };
  expect(hasTrackerSign(renewed, UNKNOWN)).toBe(true);
  expect(hasTrackerSign(renewed, { expiresAt: at(700), updatedAt: at(0) })).toBe(false);
});

test('a change of the issue is a sign of life, unless a dispatcher made it', () => {
  const changed = { ...fresh, updated_at: at(50), updated_by: 'copilot-1' };
  expect(hasTrackerSign(changed, UNKNOWN)).toBe(true);
  expect(hasTrackerSign(changed, { expiresAt: at(600), updatedAt: at(50) })).toBe(false);
  expect(hasTrackerSign({ ...changed, updated_by: 'jit-dispatch:host' }, UNKNOWN)).toBe(false);
});
