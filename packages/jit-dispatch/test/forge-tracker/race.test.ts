import { describe, expect, test } from 'vitest';
import type { ForgeServer } from '../forge/forge-server.ts';
import { claimCall, KINDS, shareForge } from './open-tracker.ts';

const ROUNDS = 90;
const DELAY_MS = 50;

/** Delays every answer. Tells how many requests came one after the other: each after the answer to one before it. */
function watchRounds(server: ForgeServer) {
  const before = server.got.length;
  let underWay = 0;
  let most = 0;
  let answered = 0;
  const when = () => {
    const round = answered + 1;
    underWay += 1;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay -= 1;
      answered = Math.max(answered, round);
    }, DELAY_MS);
    return true;
  };
  server.fault({ does: 'delay', ms: DELAY_MS, when });
  return () => ({ requests: server.got.length - before, most, rounds: answered });
}

describe.each(KINDS)('two dispatchers on one repository of %s', (kind) => {
  test(`claim at the same time in ${ROUNDS} rounds: one holds each issue, and nothing of the other stays`, async () => {
    const { server, open } = await shareForge(kind);
    const { repository } = server;
    const seats = [await open(), await open()];
    const won = [0, 0];
    let most = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      repository.addIssue({ labels: ['ai'] });
      const id = String(round);
      const claim = async (seat: number) =>
        seats[seat]?.tracker.call([
          claimCall(id, `${seat}`.repeat(20) + id, { agent: `agent-${seat}`, maxHeld: 1 }),
        ]);
      // Each is first to ask in every second round.
      const first = round % 2;
      const asked = await Promise.all([claim(first), claim(1 - first)]);
      const answers = first === 0 ? asked : asked.toReversed();
      const winners = answers.flatMap((each, seat) => (each?.[0]?.is === 'ok' ? [seat] : []));
      expect(winners).toHaveLength(1);
      const [winner = 0] = winners;
      won[winner] = (won[winner] ?? 0) + 1;
      expect(answers[1 - winner]).toMatchObject([
        { is: 'refused', exit: 6, code: 'ALREADY_CLAIMED' },
      ]);
      const posted = server.got.filter(
        ({ method, path, status }) =>
          method === 'POST' && path.endsWith(`/${id}/comments`) && status === 201,
      );
      most = Math.max(most, posted.length);
      const issue = repository.findIssue(round);
      expect(issue && repository.labelsOf(issue).map(({ name }) => name)).toEqual([
        'ai',
        `agent:agent-${winner}`,
      ]);
      expect(repository.comments.filter((comment) => comment.issue === round)).toHaveLength(1);
      if (issue !== undefined) issue.state = 'closed';
    }
    // Otherwise nothing was shown: both have written a claim.
    expect(most).toBe(2);
    expect(Math.min(...won)).toBeGreaterThan(0);
    console.log(
      `${kind}: ${ROUNDS} rounds, ${won[0]} won by one and ${won[1]} by the other, never both`,
    );
  });

  test('five issues are decided side by side: requests overlap, and little time goes by besides them', async () => {
    const { server, open } = await shareForge(kind);
    for (let count = 0; count < 6; count += 1) server.repository.addIssue({ labels: ['ai'] });
    const { tracker } = await open();
    // What is loaded and compiled once is no part of it.
    await tracker.ready();
    await tracker.call([{ do: 'show', issue: '1' }]);
    const claim = async (ids: readonly string[]) => {
      const seen = watchRounds(server);
      const answers = await tracker.call(ids.map((id) => claimCall(id, id.repeat(20))));
      expect(answers.map(({ is }) => is)).toEqual(ids.map(() => 'ok'));
      server.heal();
      return seen();
    };
    const one = await claim(['6']);
    const processor = process.cpuUsage();
    const started = performance.now();
    const five = await claim(['1', '2', '3', '4', '5']);
    const wallMs = performance.now() - started;
    const { user, system } = process.cpuUsage(processor);
    // As many as are made of one account at a time.
    expect(five.most).toBe(4);
    expect(five.rounds).toBeLessThan(3 * one.rounds);
    console.log(
      `${kind}: 5 claims, ${five.requests} requests of ${DELAY_MS} ms each, one after the other ${five.rounds} of them, ` +
        `where one claim has ${one.rounds}; ${Math.round(wallMs)} ms, ${Math.round(wallMs - five.rounds * DELAY_MS)} ms of them besides; ` +
        `processor time, that of the server included: ${Math.round((user + system) / 1000)} ms`,
    );
  });

  test('a claim that is written while another is read gives way, whoever is first to read', async () => {
    const { server, open } = await shareForge(kind);
    server.repository.addIssue({ labels: ['ai'] });
    const slow = await open();
    const quick = await open();
    const isReading = ({ method, path }: { method: string; path: string }) =>
      method === 'GET' && path.endsWith('/comments');
    // The first look, before it writes, takes so long that the other one is done by then.
    server.fault({ does: 'delay', ms: 200, times: 1, when: isReading });
    const late = slow.tracker.call([claimCall('1', 's'.repeat(20), { agent: 'slow' })]);
    await expect.poll(() => server.got.some(isReading)).toBe(true);
    expect(
      await quick.tracker.call([claimCall('1', 'q'.repeat(20), { agent: 'quick' })]),
    ).toMatchObject([{ is: 'ok' }]);
    expect(await late).toMatchObject([{ is: 'refused', code: 'ALREADY_CLAIMED' }]);
    expect(server.repository.comments).toHaveLength(1);
  });
});
