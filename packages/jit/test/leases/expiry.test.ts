import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LeaseTracker } from './lease-tracker.ts';
import { leaseTracker, WAYS } from './lease-tracker.ts';

const HOUR = 3600;

async function claimed(ttl = 600) {
  const tracker = await leaseTracker();
  const id = await tracker.create('x');
  const { claim } = await tracker.json(['issue', 'claim', id, 'one', '--ttl', String(ttl)]);
  return { ...tracker, id, claim, token: String(claim.token) };
}

const readyIds = async ({ json }: Pick<LeaseTracker, 'json'>) =>
  (await json(['query', 'ready'])).map(({ id }: { id: string }) => id);

const typesOf = ({ events }: Pick<LeaseTracker, 'events'>) => events().map(({ type }) => type);

describe('a lease that is over', () => {
  it('gives the issue to the very next query, and the next write of any kind notes it, dated at its end', async () => {
    const tracker = await claimed();
    const { id, claim, setClock, json, create } = tracker;
    expect(await readyIds(tracker)).toEqual([]);
    setClock({ offset_secs: 500 });
    expect(await readyIds(tracker)).toEqual([]);
    setClock({ offset_secs: 601 });
    expect(await readyIds(tracker)).toEqual([id]);
    expect(await json(['issue', 'show', id])).toMatchObject({
      state: 'ready',
      assignee: null,
      claim: null,
      last_claim: { assignee: 'one', attempt: 1, ended_at: claim.expires_at, reason: 'expired' },
    });
    expect(typesOf(tracker)).not.toContain('claim_expired');
    await create('a write of another kind');
    expect(tracker.events().filter(({ type }) => type === 'claim_expired')).toMatchObject([
      { issue: id, attempt: 1, assignee: 'one', at: claim.expires_at },
    ]);
    expect(await json(['validate'])).toMatchObject({ findings: [] });
  });

  it('does not end while it is renewed', async () => {
    const tracker = await claimed();
    const { id, token, setClock, json } = tracker;
    for (const offset_secs of [500, 1000, 1500]) {
      setClock({ offset_secs });
      await json(['issue', 'heartbeat', id, '--claim', token]);
      expect(await readyIds(tracker)).toEqual([]);
    }
    setClock({ offset_secs: 2101 });
    expect(await readyIds(tracker)).toEqual([id]);
  });

  it('leaves a token that is refused with exit 7, before and after somebody else took the issue', async () => {
    const { id, token, setClock, json, truth } = await claimed();
    setClock({ offset_secs: 601 });
    const late = [
      ['issue', 'update', id, '--state', 'done', '--claim', token],
      ['issue', 'release', id, '--claim', token],
      ['issue', 'update', id, '-t', 'late', '--claim', token],
      ['issue', 'comment', id, 'late', '--claim', token],
    ];
    for (const argv of late) expect((await json(argv, 7)).error.code).toBe('LOST_CLAIM');
    await json(['issue', 'claim', id, 'two', '--ttl', '600']);
    const before = truth();
    for (const argv of [...late, ['issue', 'heartbeat', id, '--claim', token]]) {
      expect((await json(argv, 7)).error.code).toBe('LOST_CLAIM');
    }
    expect(truth()).toBe(before);
  });

  it.each([
    ['before any write noted it', false],
    ['after a write noted it', true],
  ])('is resumed by a heartbeat if nobody took the issue, %s', async (_, noted) => {
    const tracker = await claimed();
    const { id, token, setClock, json, create } = tracker;
    setClock({ offset_secs: 601 });
    if (noted) await create('another', '--defer-until', '2099-01-01T00:00:00Z');
    expect(await json(['issue', 'heartbeat', id, '--claim', token])).toMatchObject([
      { id, attempt: 1, resumed: true },
    ]);
    expect(await json(['issue', 'show', id])).toMatchObject({
      state: 'in_progress',
      assignee: 'one',
      attempt: 1,
    });
    const ends = typesOf(tracker).filter((type) => /^claim/.test(type));
    expect(ends).toEqual(['claimed', 'claim_expired', 'claim_resumed']);
    await json(['issue', 'claim', id, 'two'], 6);
    await json(['issue', 'update', id, '--state', 'done', '--claim', token]);
    expect(await json(['validate'])).toMatchObject({ findings: [] });
  });
});

describe('a wall clock that is set', () => {
  it.each([5 * HOUR, -5 * HOUR])(
    'by %i seconds ends no lease and prolongs none',
    async (wall_secs) => {
      const tracker = await claimed();
      const { id, token, setClock, json } = tracker;
      setClock({ wall_secs });
      expect(await readyIds(tracker)).toEqual([]);
      await json(['issue', 'claim', id, 'two'], 6);
      setClock({ wall_secs, offset_secs: 500 });
      expect(await readyIds(tracker)).toEqual([]);
      setClock({ wall_secs, offset_secs: 601 });
      expect(await readyIds(tracker)).toEqual([id]);
      await json(['issue', 'update', id, '--state', 'done', '--claim', token], 7);
      expect(await json(['issue', 'claim', id, 'two', '--ttl', '600'])).toMatchObject({
        attempt: 2,
      });
      expect(await json(['validate'])).toMatchObject({ findings: [] });
    },
  );
});

describe('another start of the machine', () => {
  it('leaves the lease its time on the wall clock, and the token good until then', async () => {
    const tracker = await claimed();
    const { id, token, setClock, json } = tracker;
    const boot = 'another-boot';
    setClock({ boot, offset_secs: 500 });
    expect(await readyIds(tracker)).toEqual([]);
    await json(['issue', 'heartbeat', id, '--claim', token]);
    // Renewed in this boot, it is measured by this boot's uptime again.
    setClock({ boot, offset_secs: 1050, wall_secs: 5 * HOUR });
    expect(await readyIds(tracker)).toEqual([]);
    setClock({ boot, offset_secs: 1200 });
    expect(await readyIds(tracker)).toEqual([id]);
  });

  it('ends a lease whose time on the wall clock is over', async () => {
    const tracker = await claimed();
    tracker.setClock({ boot: 'another-boot', wall_secs: 601 });
    expect(await readyIds(tracker)).toEqual([tracker.id]);
  });
});

describe.each(WAYS)('deleting .jit/local while a lease runs, then with %s', (way) => {
  it('gives it one full term more: token good, issue fenced, and it still ends', async () => {
    const tracker = await claimed();
    const { cwd, id, token, setClock, exitBy, json } = tracker;
    setClock({ offset_secs: 500 });
    rmSync(join(cwd, '.jit', 'local'), { recursive: true });
    expect(await readyIds(tracker)).toEqual([]);
    setClock({ offset_secs: 1000 });
    expect(await exitBy(way, ['issue', 'claim', id, 'two'])).toBe(6);
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done'])).toBe(6);
    expect(await exitBy(way, ['issue', 'comment', id, 'hi', '--claim', token])).toBe(0);
    setClock({ offset_secs: 1101 });
    expect(await readyIds(tracker)).toEqual([id]);
    expect(await exitBy(way, ['issue', 'claim', id, 'two', '--ttl', '600'])).toBe(0);
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(7);
    expect(typesOf(tracker).filter((type) => /^claim/.test(type))).toEqual([
      'claimed',
      'claim_expired',
      'claimed',
    ]);
    expect(await json(['validate'])).toMatchObject({ findings: [] });
  });

  it('lets the holder renew and finish', async () => {
    const { cwd, id, token, setClock, exitBy, json } = await claimed();
    rmSync(join(cwd, '.jit', 'local'), { recursive: true });
    expect(await exitBy(way, ['issue', 'heartbeat', id, '--claim', token])).toBe(0);
    setClock({ offset_secs: 500 });
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(0);
    expect(await json(['validate'])).toMatchObject({ findings: [] });
  });
});
