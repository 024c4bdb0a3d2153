import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { leaseTracker } from './lease-tracker.ts';

const HOLDERS = 100;
const CLAIMERS = 8;
/** Processes that start at once: more only take the processor from each other. */
const WAVE = 10;

describe('a hundred holders killed with -9', () => {
  it('leave every issue claimable again, once, when their leases end, and every old token refused', {
    timeout: 600_000,
  }, async () => {
    const { createMany, openBatch, lines, json, setClock, truth, events } = await leaseTracker();
    const ids = await createMany(HOLDERS);
    const holders: { id: string; token: string; batch: ReturnType<typeof openBatch> }[] = [];
    for (let from = 0; from < HOLDERS; from += WAVE) {
      const wave = ids.slice(from, from + WAVE).map(async (id) => {
        const batch = openBatch();
        const { result } = await batch.ask([
          'issue',
          'claim',
          id,
          `holder of ${id}`,
          '--ttl',
          '600',
        ]);
        const { token } = Object(result?.claim);
        return { id, token, batch };
      });
      holders.push(...(await Promise.all(wave)));
    }
    // They live and renew: past their first term all of them still hold.
    for (const offset_secs of [400, 800]) {
      setClock({ offset_secs });
      const beats = holders.map(({ id, token, batch }) =>
        batch.ask(['issue', 'heartbeat', id, '--claim', token]),
      );
      expect((await Promise.all(beats)).map(({ exit }) => exit)).toEqual(ids.map(() => 0));
    }

    const alive = holders.filter(({ batch }) => batch.child.exitCode === null).length;
    const ends = holders.map(({ batch }) => once(batch.child, 'close'));
    for (const { batch } of holders) batch.child.kill('SIGKILL');
    const signals = (await Promise.all(ends)).map(([, signal]) => signal);
    expect([alive, signals]).toEqual([HOLDERS, ids.map(() => 'SIGKILL')]);

    setClock({ offset_secs: 1250 });
    const early = await lines(ids.map((id) => ['issue', 'claim', id, 'early']));
    const heldBefore = early.filter(({ exit }) => exit === 6).length;
    await json(['issue', 'claim-next', 'early'], 3);

    setClock({ offset_secs: 1401 });
    const claimers = Array.from({ length: CLAIMERS }, async (_, n) => {
      const batch = openBatch();
      const mine: string[] = [];
      for (;;) {
        const { exit, result } = await batch.ask([
          'issue',
          'claim-next',
          `claimer-${n}`,
          '--ttl',
          '600',
        ]);
        if (exit !== 0) {
          batch.child.stdin?.end();
          return { exit, mine };
        }
        mine.push(String(result?.id));
      }
    });
    const drained = await Promise.all(claimers);
    const claimed = drained.flatMap(({ mine }) => mine);

    const before = truth();
    const late = holders.flatMap(({ id, token }) => [
      ['issue', 'update', id, '--state', 'done', '--claim', token],
      ['issue', 'release', id, '--claim', token],
      ['issue', 'update', id, '-t', 'late', '--claim', token],
      ['issue', 'heartbeat', id, '--claim', token],
    ]);
    const refused = (await lines(late)).filter(
      ({ exit, error }) => exit === 7 && error?.code === 'LOST_CLAIM',
    ).length;
    const isUnchanged = truth() === before;
    console.log(
      `${alive} holders killed at once: before the end of their leases ${heldBefore} of ${HOLDERS} held, after it ${claimed.length} claimed by ${CLAIMERS} claimers, ${new Set(claimed).size} different; ${refused} of ${late.length} writes with old tokens refused with exit 7, files ${isUnchanged ? 'unchanged' : 'CHANGED'}`,
    );
    expect(heldBefore).toBe(HOLDERS);
    expect(drained.map(({ exit }) => exit)).toEqual(drained.map(() => 3));
    expect(claimed.sort()).toEqual([...ids].sort());
    expect(refused).toBe(late.length);
    expect(isUnchanged).toBe(true);
    const expired = events().filter(({ type }) => type === 'claim_expired');
    expect(new Set(expired.map(({ issue, assignee }) => `${issue} ${assignee}`))).toEqual(
      new Set(ids.map((id) => `${id} holder of ${id}`)),
    );
    expect(expired).toHaveLength(HOLDERS);
    expect(await json(['validate'])).toMatchObject({ findings: [] });
  });
});
