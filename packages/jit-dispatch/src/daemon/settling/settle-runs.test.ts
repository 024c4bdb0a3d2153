import { expect, test } from 'vitest';
import { someAgent, someRun } from '../../../test/samples.ts';
import type { KeeperSpec } from '../../run-records.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { isParked, settleRuns } from './settle-runs.ts';

const run = someRun({ state: 'running', attempt: 1, pid: 7 });
const end = { reason: 'exited', message: '', code: 0, signal: null } as const;

/** A dispatcher whose tracker gives these answers, and what it logs. */
function withAnswers(...answers: TrackerAnswer[]) {
  const logged: string[] = [];
  const dispatcher = {
    config: { agents: [], retry: { firstSecs: 10, maxSecs: 300 }, qa: { gates: true } },
    tracker: { call: async () => [answers.shift()] },
    ledger: {
      together: (work: () => unknown) => work(),
      openOrders: () => [],
      record: () => {},
      recordsOf: () => [],
    },
    host: {
      verdict: () => null,
      spec: () => null,
      folder: (run: string) => `/nowhere/${run}`,
      look: () => ({ exit: null }),
    },
    log: ({ event, message }: { event: string; message: string }) =>
      logged.push(`${event}: ${message}`),
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    random: () => 0.5,
    uptimeMs: () => 0,
    step: () => {},
  } as unknown as Dispatcher;
  const settle = () => settleRuns(dispatcher, [{ run, end }], () => true);
  return { logged, settle };
}

const refused = (
  exit: number,
  code: string,
  { retryable = false, message = 'words' } = {},
): TrackerAnswer => ({ is: 'refused', exit, code, message, retryable });

test('an issue that cannot be read ends its run as lost instead of blocking its slot', async () => {
  const { settle } = withAnswers(refused(4, 'BAD_FILE'));
  expect(await settle()).toMatchObject([
    { run: { state: 'lost', reason: 'BAD_FILE', detail: 'words' } },
  ]);
});

test('only an issue that is gone counts as missing', async () => {
  for (const code of ['NOT_FOUND', 'DELETED'])
    expect(await withAnswers(refused(3, code)).settle()).toMatchObject([
      { run: { reason: 'issue_missing' } },
    ]);
});

test('that a run is postponed is said once, and again in other words', async () => {
  const busy = refused(75, 'LOCK_TIMEOUT', { retryable: true });
  const others = refused(75, 'LOCK_TIMEOUT', { retryable: true, message: 'others' });
  const { settle, logged } = withAnswers(busy, busy, others);
  for (let cycle = 0; cycle < 3; cycle += 1) expect(await settle()).toEqual([]);
  expect(logged).toEqual([
    'postponed: not settled yet: words',
    'postponed: not settled yet: others',
  ]);
});

const ENDED_AT = '2026-11-20T09:59:00.000Z';
const shownAs = (state: TrackerIssue['state'], whole: object = {}): TrackerAnswer => ({
  is: 'ok',
  issues: [
    {
      id: 'i1',
      title: 'One',
      state,
      priority: 'normal',
      assignee: 'a',
      labels: [],
      attempt: 1,
      isClaimed: true,
      created_at: ENDED_AT,
      whole,
    },
  ],
});
const GATED = shownAs('gated', { gates: [{ key: 'tests', stage: 'done', mode: 'auto' }] });

interface Facts {
  readonly code?: number;
  readonly output?: string;
  readonly tries?: number;
  readonly jitDir?: string | null;
  readonly answer?: (call: TrackerCall) => TrackerAnswer | undefined;
}

/** Everything that settling does outside, in order; the tracker shows what `answer` says, else `ok`. */
function watched({ code = 0, output = '', tries = 0, jitDir = '/repo/.jit', answer }: Facts) {
  const did: string[] = [];
  const specs: KeeperSpec[] = [];
  const records: { type: string; data?: unknown }[] = [];
  let draws = 0;
  const agents = [someAgent({ account: 'shared', passEnv: ['API_KEY'] })];
  const exit = { reason: 'exited', message: '', code, signal: null, ended_at: ENDED_AT };
  const dispatcher = {
    name: 'test',
    config: {
      agents,
      retry: { firstSecs: 10, maxSecs: 300 },
      rateLimit: { pauseSecs: 60 },
      qa: { gates: true, timeoutSecs: 99 },
      escalation: { hook: null },
      repositories: [],
      tracker: { forge: null },
    },
    place: {
      cwd: '/repo',
      jitDir,
      path: null,
      tracker: { argv: ['ssh', 'hub', 'jit'], suffix: ['--dir', '/far'], cwd: '/repo', env: {} },
      leaseSecs: 600,
      stopGraceSecs: 1,
    },
    tracker: {
      async call(calls: readonly TrackerCall[]) {
        return calls.map((call) => {
          did.push(call.do === 'release' ? `release ${call.failed} ${call.deferSecs}` : call.do);
          return answer?.(call) ?? { is: 'ok', issues: [] };
        });
      },
      callTogether(calls: readonly TrackerCall[]) {
        return this.call(calls);
      },
    },
    newRunId: () => 'e1',
    ledger: {
      together: (work: () => unknown) => work(),
      openOrders: () => [],
      openEscalations: () => [],
      beginEscalation: () => void did.push('[escalating]'),
      recordEscalation: (_: string, { type }: { type: string }) => void did.push(`[${type}]`),
      changeEscalation: () => {},
      record(_: string, { type, data }: { type: string; data?: unknown }) {
        did.push(`[${type}]`);
        records.push({ type, data });
      },
      recordsOf: (_: string, wanted: string) => records.filter(({ type }) => type === wanted),
      pauseAccount({ account, until }: { account: string; until: string }) {
        did.push(`[pause ${account} ${until}]`);
        records.push({ type: 'account_paused' });
      },
    },
    host: {
      verdict: () => null,
      folder: (run: string) => `/nowhere/${run}`,
      look: () => ({ exit }),
      outputTail: () => output,
      spec: () => ({ cwd: '/work' }),
      prepare: (spec: KeeperSpec) => void specs.push(spec),
      start: (phase: string) => void did.push(`start ${phase}`),
    },
    log: () => {},
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    // After the first cycle, which draws twice, the rest is another one.
    random: () => (draws++ < 2 ? 0 : 0.5),
    uptimeMs: () => 5,
    step: () => {},
  } as unknown as Dispatcher;
  const state = tries > 0 ? 'idle' : 'running';
  const finished = [{ run: { ...run, state, gate_tries: tries }, end: exit }] as const;
  const settle = (mayStart = true) =>
    settleRuns(dispatcher, finished as unknown as Parameters<typeof settleRuns>[1], () => mayStart);
  return { did, specs, settle, dispatcher };
}

test('an account rests, durably, before its issue is given back, and counted from the end of the agent', async () => {
  const facts = { code: 75, output: 'Retry-After: 600', answer: () => shownAs('in_progress') };
  const { did, settle } = watched(facts);
  expect(await settle()).toMatchObject([{ run: { failed: 'rate_limit' }, restsUntil: null }]);
  expect(did).toEqual([
    'show',
    '[settling]',
    '[pause shared 2026-11-20T10:09:00.000Z]',
    'release rate_limit null',
    '[failed]',
  ]);
});

test('a run that cannot be settled now is asked about again, and journalled once', async () => {
  const unanswered = refused(75, 'LOCK_TIMEOUT', { retryable: true });
  const answer = ({ do: what }: TrackerCall) =>
    what === 'release' ? unanswered : shownAs('in_progress');
  for (const facts of [{ code: 1 }, { code: 75, output: 'Retry-After: 600' }]) {
    const { did, settle } = watched({ ...facts, answer });
    await settle();
    const first = did.splice(0);
    expect(first).toContain('[settling]');
    for (let cycle = 0; cycle < 3; cycle += 1) expect(await settle()).toEqual([]);
    expect(did.filter((each) => each === 'show')).toHaveLength(3);
    expect(did.filter((each) => each.startsWith('['))).toEqual([]);
  }
});

test('the exit gates are begun under a renewed lease, journalled first, where the agent worked', async () => {
  const { did, specs, settle } = watched({
    answer: ({ do: what }) => (what === 'show' ? GATED : undefined),
  });
  expect(await settle()).toEqual([]);
  expect(did).toEqual(['show', '[settling]', 'heartbeat', '[gating]', 'start r1/gates-1']);
  const [spec] = specs;
  expect(spec).toMatchObject({ cwd: '/work', leased_at_ms: 5, time_limit_secs: 99 });
  expect(spec?.argv.join(' ')).toBe(
    'ssh hub jit gate run i1 --actor jit-dispatch:test --json --dir /far',
  );
  expect(spec?.env).toMatchObject({ JIT_CLAIM: 'secret', JIT_ISSUE_ID: 'i1', JIT_RUN_ID: 'r1' });
  expect(spec?.pass_env).toEqual(expect.arrayContaining(['PATH', 'HOME', 'XDG_*', 'API_KEY']));
  expect(spec?.pass_env).not.toContain('*');
});

test('the way to a tracker on another machine gets the whole environment, and no folder of this one', async () => {
  const { specs, settle } = watched({
    jitDir: null,
    answer: ({ do: what }) => (what === 'show' ? GATED : undefined),
  });
  await settle();
  expect(specs[0]?.pass_env).toEqual(['*']);
  expect(specs[0]?.env).not.toHaveProperty('JIT_DIR');
});

test('while the dispatcher stops no gates are begun, and the run waits for the next start', async () => {
  const { did, settle, dispatcher } = watched({
    answer: ({ do: what }) => (what === 'show' ? GATED : undefined),
  });
  expect(await settle(false)).toEqual([]);
  expect(did).toEqual(['show', '[settling]', 'heartbeat', '[settling]']);
  expect(isParked(dispatcher, run)).toBe(true);
  expect(isParked(dispatcher, { ...run, run: 'r2' })).toBe(false);
});

test('people are asked before the claim ends, and while that is not answered it does not end', async () => {
  const output = '{"error":{"message":"not trusted: tests"}}';
  const asked = watched({
    code: 5,
    tries: 1,
    output,
    answer: ({ do: what }) => (what === 'show' ? GATED : undefined),
  });
  expect(await asked.settle()).toMatchObject([
    { run: { reason: 'gates_not_trusted', detail: expect.stringContaining('not trusted: tests') } },
  ]);
  expect(asked.did).toEqual([
    'show',
    '[settling]',
    '[escalating]',
    'escalate',
    'comment',
    '[escalated]',
    '[notified]',
    '[settling]',
    'release environment null',
    '[failed]',
  ]);
  const unanswered = watched({
    code: 5,
    tries: 1,
    answer: ({ do: what }) =>
      what === 'show' ? GATED : refused(75, 'LOCK_TIMEOUT', { retryable: true }),
  });
  expect(await unanswered.settle()).toEqual([]);
  expect(unanswered.did).toEqual(['show', '[settling]', '[escalating]', 'escalate', 'comment']);
});
