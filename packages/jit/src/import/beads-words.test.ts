import { describe, expect, it } from 'vitest';
import { edgeKind, mapPriority, mapStatus, normaliseType, rejectedReason } from './beads-words.ts';

describe('rejectedReason', () => {
  it.each([
    ['Duplicate of bd-12', 'duplicate'],
    ['Duplicates of bd-12 (stats)', 'duplicate'],
    ['duplicate', 'duplicate'],
    ['Superseded by bd-9', 'superseded'],
    ['wontfix', "won't fix"],
    ['Won’t do: too big', "won't fix"],
    ['Obsolete.', 'obsolete'],
    ['Out of scope for v1', 'out of scope'],
    ['no longer needed', 'not needed'],
    ['Cancelled - moved', 'canceled'],
    ['works as designed', 'as designed'],
  ])('rejects %j', (reason, word) => {
    expect(rejectedReason(reason)).toBe(word);
  });

  it.each([
    '',
    'Completed',
    'Duplicate detection implemented',
    'stale command fully implemented',
    'Obsolete code removed',
    'Invalid input is refused now',
    'Fixed warnings; handled duplicates',
  ])('takes %j for done work', (reason) => {
    expect(rejectedReason(reason)).toBeNull();
  });
});

it.each([
  ['open', 'open', null],
  ['blocked', 'open', null],
  ['in_progress', 'in_progress', null],
  ['in-progress', 'in_progress', null],
  ['hooked', 'in_progress', null],
  ['deferred', 'open', 'deferred'],
  ['pinned', 'open', 'pinned'],
  ['closed', 'done', null],
  ['tombstone', 'rejected', 'tombstone'],
  ['review', 'open', 'status:review'],
  ['', 'open', null],
])('maps the status %j', (status, state, label) => {
  const facts = { closeReason: '', closed: false, deferred: false };
  expect(mapStatus(status, facts)).toMatchObject({ state, label });
});

it('takes an unknown status with closed_at for done', () => {
  const facts = { closeReason: '', closed: true, deferred: false };
  expect(mapStatus('shipped', facts)).toMatchObject({ state: 'done', label: 'status:shipped' });
});

it.each([
  [0, 'critical'],
  [1, 'high'],
  [2, 'normal'],
  [3, 'low'],
  [4, 'low'],
  ['P1', 'high'],
  [5, null],
  [-1, null],
  [undefined, null],
])('maps the priority %j', (value, priority) => {
  expect(mapPriority(value)).toBe(priority);
});

it('gives type aliases their usual name', () => {
  expect(['feat', 'ADR', 'user_story', 'bug', 'constructor'].map(normaliseType)).toEqual([
    'feature',
    'decision',
    'story',
    'bug',
    'constructor',
  ]);
});

it.each([
  ['blocks', 'dependency'],
  ['blocked_by', 'dependency'],
  ['conditional-blocks', 'dependency'],
  ['waits-for', 'dependency'],
  ['parent-child', 'parent'],
  ['parent_child', 'parent'],
  ['relates-to', 'link'],
  ['homegrown', 'link'],
])('sorts the edge type %s', (type, kind) => {
  expect(edgeKind(type).kind).toBe(kind);
});
