import { expect, it } from 'vitest';
import { leaseTracker } from './lease-tracker.ts';

const ROUNDS = 50;
const RIVALS = 3;

it('a late heartbeat and three claimers at the end of a lease: one of them has the issue, each time', {
  timeout: 300_000,
}, async () => {
  const { createMany, openBatch, json, setClock, events } = await leaseTracker();
  const ids = await createMany(ROUNDS);
  const holder = openBatch();
  const rivals = Array.from({ length: RIVALS }, openBatch);
  const seen = { resumed: 0, claimed: 0, refused6: 0, refused7: 0 };
  for (const [round, id] of ids.entries()) {
    const { result } = await holder.ask(['issue', 'claim', id, 'holder', '--ttl', '600']);
    const { token } = Object(result?.claim);
    setClock({ offset_secs: (round + 1) * 601 });
    // Who is told first has no advantage that counts: they all wait for one lock.
    const calls = [
      () => holder.send(['issue', 'heartbeat', id, '--claim', token]),
      ...rivals.map((rival) => () => rival.send(['issue', 'claim', id, 'rival', '--ttl', '600'])),
    ];
    for (const at of calls.keys()) calls[(at + round) % calls.length]?.();
    const [beat, ...claims] = await Promise.all([holder, ...rivals].map((batch) => batch.next()));
    const won = claims.filter(({ exit }) => exit === 0).length;
    const isResumed = beat?.exit === 0;
    expect([isResumed, won], `round ${round}`).toEqual(isResumed ? [true, 0] : [false, 1]);
    expect(beat?.exit).toBe(isResumed ? 0 : 7);
    const lost = claims.filter(({ exit }) => exit === 6).length;
    expect(lost).toBe(RIVALS - won);
    seen.resumed += isResumed ? 1 : 0;
    seen.refused7 += isResumed ? 0 : 1;
    seen.claimed += won;
    seen.refused6 += lost;
    const done = ['issue', 'update', id, '--state', 'done', '--claim', token];
    expect((await holder.ask(done)).exit).toBe(isResumed ? 0 : 7);
    // What a rival holds is left to end with its lease; later rounds only claim their own issue.
  }
  console.log(
    `${ROUNDS} leases at their end: ${seen.resumed} resumed by a heartbeat, ${seen.claimed} claimed by one of ${RIVALS} others; ${seen.refused6} claims refused with exit 6, ${seen.refused7} heartbeats with exit 7`,
  );
  expect(seen.resumed + seen.claimed).toBe(ROUNDS);
  expect(events().filter(({ type }) => type === 'claim_resumed')).toHaveLength(seen.resumed);
  expect(await json(['validate'])).toMatchObject({ findings: [] });
});
