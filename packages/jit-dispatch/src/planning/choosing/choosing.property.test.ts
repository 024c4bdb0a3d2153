import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readyIssue, someAssessment, someCandidate, someSnapshot } from '../../../test/samples.ts';
import type { Strategy } from '../../config/choosing.ts';
import type { Assessment } from '../assessing/assess.ts';
import { type Failure, type IssueHistory, NO_HISTORY } from '../history.ts';
import { type Decision, planCycle, type ReadyIssue, type Snapshot } from '../plan-cycle.ts';
import type { Candidate } from './candidate.ts';

const IDS = ['a', 'b', 'c', 'd'] as const;
const CLASSES = ['human', 'ai', 'hybrid'] as const;
const CAPABILITIES = ['review', 'deploy'] as const;
const CASES = 10_000;

const strategies: fc.Arbitrary<Strategy> = fc.oneof(
  fc.constantFrom('best-match', 'round-robin', 'random', 'least-loaded').map((name) => ({
    name: name as Strategy['name'],
    agent: null,
  })),
  fc.constantFrom(...IDS).map((agent) => ({ name: 'only' as const, agent })),
);

const healths: fc.Arbitrary<Candidate['health']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ is: 'well' } as const) },
  fc.constant({ is: 'resting', until: 1, why: 'limit' } as const),
  fc.constant({ is: 'trying', why: 'limit' } as const),
  fc.constant({ is: 'unhealthy', why: 'exit code 1' } as const),
  fc.constant({ is: 'paused', why: 'by ana' } as const),
);

const candidates = fc
  .tuple(
    ...IDS.map((id) =>
      fc
        .record({
          capacity: fc.integer({ min: 1, max: 3 }),
          tags: fc.subarray(['rust', 'python']),
          role: fc.constantFrom(null, 'reviewer'),
          capabilities: fc.subarray([...CAPABILITIES]),
          strengths: fc.subarray(['planning', 'research']),
          class: fc.constantFrom(...CLASSES),
          mayTakeHighRisk: fc.boolean(),
          health: healths,
          turn: fc.option(fc.nat(9)),
        })
        .map((facts) => someCandidate({ id, ...facts })),
    ),
  )
  .map((agents) => [...agents]);

const assessments: fc.Arbitrary<Assessment> = fc
  .record({
    taskType: fc.constantFrom('planning', 'research', 'routine_coding'),
    role: fc.constantFrom(null, null, 'reviewer'),
    needs: fc.subarray([...CAPABILITIES]),
    classed: fc.constantFrom(null, ...CLASSES),
    isUnsure: fc.boolean(),
    risk: fc.constantFrom(null, 2, 9),
    prefer: fc.constantFrom(null, 'a', 'ghost'),
    exclude: fc.subarray([...IDS], { maxLength: 2 }),
  })
  .map(({ taskType, role, needs, classed, isUnsure, risk, prefer, exclude }) =>
    someAssessment({
      taskType: { name: taskType, by: 'keyword', detail: '' },
      role,
      needs,
      classed:
        classed === null
          ? null
          : {
              is: 'classed',
              classification: {
                class: classed,
                confidence: isUnsure ? 0.5 : 0.9,
                by: 'keywords',
                detail: '',
                isUnsure,
              },
            },
      risk:
        risk === null
          ? null
          : { score: risk, threshold: 7, isHigh: risk >= 7, by: 'keyword', detail: '' },
      wishes: { ...someAssessment().wishes, prefer, exclude },
    }),
  );

const histories: fc.Arbitrary<IssueHistory> = fc
  .array(fc.constantFrom(...IDS), { maxLength: 5 })
  .map((agents) => ({
    ...NO_HISTORY,
    attempts: agents.length,
    failures: agents.map(
      (agent, index): Failure => ({
        agent,
        failed: 'agent',
        attempt: index + 1,
        at: '2026-11-20T10:00:00.000Z',
        reason: null,
      }),
    ),
  }));

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    agents: candidates,
    issues: fc.array(
      fc.record({
        assessment: assessments,
        history: histories,
        assignee: fc.constantFrom(null, null, null, 'b'),
        labels: fc.subarray(['rust', 'lang:python']),
        priority: fc.constantFrom('critical', 'high', 'normal', 'low'),
      }),
      { maxLength: 6 },
    ),
    held: fc.array(fc.constantFrom(...IDS), { maxLength: 4 }),
    strategy: strategies,
    seed: fc.nat(5),
  })
  .map(({ agents, issues, held, strategy, seed }) =>
    someSnapshot({
      agents,
      ready: issues.map(({ history: _, ...facts }, at) =>
        readyIssue(`i${at}`, facts as Partial<ReadyIssue>),
      ),
      histories: new Map(issues.map(({ history }, at) => [`i${at}`, history])),
      claims: new Map(
        IDS.map((id) => [id, held.flatMap((each, at) => (each === id ? `held${at}` : []))]),
      ),
      rules: { ...someSnapshot().rules, strategy, seed },
    }),
  );

let cases = 0;
let starts = 0;
const used = new Map<string, number>();
afterAll(() => {
  const counts = [...used].map(([name, count]) => `${name} ${count}`).join(', ');
  console.log(`${cases} random snapshots, ${starts} starts (${counts}): none that may not be`);
});

/** Who may have it by the rules in words, written down once more and in another way than in the code. */
function isFit(agent: Candidate, issue: ReadyIssue, { strategy }: Snapshot['rules']): boolean {
  const { assessment } = issue;
  if (strategy.name === 'only' && agent.id !== strategy.agent) return false;
  if (issue.assignee !== null) return issue.assignee === agent.id;
  if (assessment.wishes.exclude.includes(agent.id)) return false;
  if (assessment.role !== null && agent.role !== assessment.role) return false;
  if (!assessment.needs.every((need) => agent.capabilities.includes(need))) return false;
  if (assessment.risk !== null && assessment.risk.score >= 7 && !agent.mayTakeHighRisk)
    return false;
  const { classed } = assessment;
  if (classed?.is !== 'classed') return true;
  const pair = `${classed.classification.class} by ${agent.class}`;
  return classed.classification.isUnsure
    ? agent.class !== 'ai'
    : [
        'human by human',
        'hybrid by hybrid',
        'hybrid by human',
        'ai by ai',
        'ai by hybrid',
      ].includes(pair);
}

test('no strategy ever picks an excluded, full, unhealthy or unsuitable agent', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      cases += 1;
      const given = new Map<string, number>();
      for (const decision of planCycle(snapshot)) {
        if (decision.action !== 'start') continue;
        starts += 1;
        const { name } = snapshot.rules.strategy;
        used.set(name, (used.get(name) ?? 0) + 1);
        const agent = snapshot.agents.find(({ id }) => id === decision.agent);
        if (agent === undefined) throw new Error('an agent that nobody configured');
        const { issue } = decision;
        expect(isFit(agent, issue, snapshot.rules)).toBe(true);
        const failed = (snapshot.histories.get(issue.key)?.failures ?? []).filter(
          (failure) => failure.agent === agent.id,
        );
        if (issue.assignee === null) expect(failed.length).toBeLessThan(3);
        expect(['well', 'trying']).toContain(agent.health.is);
        const count = (given.get(agent.id) ?? 0) + 1;
        given.set(agent.id, count);
        if (agent.health.is === 'trying') expect(count).toBe(1);
        const held = snapshot.claims.get(agent.id)?.length ?? 0;
        expect(held + count).toBeLessThanOrEqual(agent.capacity);
      }
    }),
    { numRuns: CASES },
  );
});

test('the same snapshot gives the same plan, in whatever order its issues are listed', () => {
  const outline = (each: Decision) =>
    `${each.issue.id} ${each.action} ${each.action === 'start' ? each.agent : each.reason} ${each.detail}`;
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const plan = planCycle(snapshot).map(outline);
      expect(planCycle(structuredClone(snapshot)).map(outline)).toEqual(plan);
      const turned = { ...snapshot, ready: snapshot.ready.toReversed() };
      expect(planCycle(turned).map(outline)).toEqual(plan);
    }),
    { numRuns: CASES / 10 },
  );
});

test('an agent that fits and has room is never left idle while an issue waits for agents', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const decisions = planCycle(snapshot);
      const given = decisions.flatMap((each) => (each.action === 'start' ? each.agent : []));
      const idle = snapshot.agents.filter(({ id, capacity, health }) => {
        const busy =
          (snapshot.claims.get(id)?.length ?? 0) + given.filter((each) => each === id).length;
        return health.is === 'well' && busy < capacity;
      });
      for (const decision of decisions) {
        if (decision.action !== 'wait') continue;
        const history = snapshot.histories.get(decision.issue.key) ?? NO_HISTORY;
        const able = idle.filter(
          (agent) =>
            isFit(agent, decision.issue, snapshot.rules) &&
            history.failures.filter((failure) => failure.agent === agent.id).length < 3,
        );
        expect(able.map(({ id }) => id)).toEqual([]);
      }
    }),
    { numRuns: CASES / 10 },
  );
});

describe('round-robin', () => {
  /** Claims as the tracker's log has them: all that dispatchers know of each other. */
  const turnsIn = (log: readonly string[]) =>
    IDS.map((id) =>
      someCandidate({ id, capacity: 99, turn: log.includes(id) ? log.lastIndexOf(id) : null }),
    );

  test('is fair over restarts and over dispatchers that take turns: none is ahead by more than one issue', () => {
    let cycles = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 }),
        (counts) => {
          const log: string[] = [];
          for (const count of counts) {
            // A new process each time: it knows nothing but the log.
            const plan = planCycle(
              someSnapshot({
                agents: turnsIn(log),
                ready: Array.from({ length: count }, (_, at) => readyIssue(`${log.length}-${at}`)),
                rules: { ...someSnapshot().rules, strategy: { name: 'round-robin', agent: null } },
              }),
            );
            for (const each of plan) if (each.action === 'start') log.push(each.agent);
            cycles += 1;
            const given = IDS.map((id) => log.filter((each) => each === id).length);
            expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 500 },
    );
    console.log(
      `round-robin: ${cycles} cycles of new processes, none ahead by more than one issue`,
    );
  });

  test('with dispatchers that always look at the same time, none is ahead by more than one issue for each of them', () => {
    for (const dispatchers of [2, 3, 5]) {
      const log: string[] = [];
      for (let cycle = 0; cycle < 200; cycle += 1) {
        const agents = turnsIn(log);
        for (let who = 0; who < dispatchers; who += 1)
          for (const each of planCycle(
            someSnapshot({
              agents,
              ready: [readyIssue(`${cycle}-${who}`)],
              rules: { ...someSnapshot().rules, strategy: { name: 'round-robin', agent: null } },
            }),
          ))
            if (each.action === 'start') log.push(each.agent);
      }
      const counts = IDS.map((id) => log.filter((each) => each === id).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(dispatchers);
    }
  });
});

test('random is even over issues, the same for the same seed, and another for another one', () => {
  const plan = (seed: number) =>
    planCycle(
      someSnapshot({
        agents: IDS.map((id) => someCandidate({ id, capacity: 4000 })),
        ready: Array.from({ length: 4000 }, (_, at) => readyIssue(`issue${at}`)),
        maxConcurrent: 4000,
        rules: { ...someSnapshot().rules, strategy: { name: 'random', agent: null }, seed },
      }),
    ).map((each) => (each.action === 'start' ? each.agent : ''));
  const one = plan(1);
  const counts = IDS.map((id) => one.filter((each) => each === id).length);
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  expect(plan(1)).toEqual(one);
  expect(plan(2)).not.toEqual(one);
  console.log(`random: 4000 issues for 4 agents: ${counts.join(', ')}`);
});

test('least-loaded takes the one with the largest free part of its capacity', () => {
  const snapshot = someSnapshot({
    agents: [someCandidate({ id: 'a', capacity: 10 }), someCandidate({ id: 'b', capacity: 2 })],
    claims: new Map([['a', ['x', 'y', 'z']]]),
    ready: ['1', '2', '3'].map((id) => readyIssue(id)),
    rules: { ...someSnapshot().rules, strategy: { name: 'least-loaded', agent: null } },
  });
  // 7 of 10 and 2 of 2 free; then 7 of 10 and 1 of 2; then 6 of 10 and 1 of 2.
  expect(planCycle(snapshot).map((each) => each.action === 'start' && each.agent)).toEqual([
    'b',
    'a',
    'a',
  ]);
});
