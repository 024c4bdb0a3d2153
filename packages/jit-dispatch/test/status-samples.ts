import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { toRunOutput } from '../src/views/to-run-output.ts';
import { someRun } from './samples.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const before = (secs: number): string => new Date(NOW - secs * 1000).toISOString();
const ANSWERED = { ok: true, ready: 0, error: null };

type Status = DispatcherStatusOutput;

const IDLE_REPOSITORY = {
  name: '',
  tracker: ANSWERED,
  running: 0,
  waiting: 0,
  last_error: null,
  rebuilt: null,
};

/** A dispatcher that does nothing. */
export const IDLE: Status = {
  at: before(0),
  name: 'build-host',
  dir: '/srv/.jit-dispatch/build-host',
  daemon: null,
  tracker: ANSWERED,
  repositories: [IDLE_REPOSITORY],
  agents: [someAgentStatus('copilot-1', 0, 3), someAgentStatus('ci-runner-1', 0, 5)],
  paused: null,
  holds: [],
  config_error: null,
  last_error: null,
  rebuilt: null,
  runs: [],
  waiting: [],
  escalated: [],
  workspaces: [],
};

function someAgentStatus(id: string, running: number, capacity: number): Status['agents'][number] {
  const well = { health: 'well', resting_until: null, why: null } as const;
  return { id, title: null, capacity, running, claimed: running, ...well };
}

function someRunStatus(at: number, facts: Partial<Status['runs'][number]> = {}) {
  const run = `01k9${at.toString(32).padStart(4, '0')}xyabcdefghjkmnpqrs`;
  const started_at = before(100 + at * 317);
  return {
    ...toRunOutput(
      someRun({
        run,
        issue: `7kq2m9x${String(at).padStart(3, '0')}`,
        title: TITLES[at % TITLES.length] ?? '',
        agent: at % 3 === 0 ? 'copilot-1' : 'ci-runner-1',
        state: 'running',
        created_at: started_at,
        started_at,
      }),
    ),
    repository: '',
    short: run.slice(0, 8),
    last_sign_at: before(at * 7),
    ...facts,
  };
}

const TITLES = [
  'Parse the header of an archive without reading all of it',
  '統計の集計を日付ごとに分ける処理を書き直す',
  'Ship 🚀🚀 release notes for the new importer',
  'Fix typo',
];

function someWait(at: number): Status['waiting'][number] {
  return {
    repository: '',
    issue: `9pq4m2z${String(at).padStart(3, '0')}`,
    title: TITLES[(at + 1) % TITLES.length] ?? '',
    priority: at < 3 ? 'high' : 'normal',
    reason: at % 4 === 0 ? 'label_limit' : 'agents_full',
    detail: 'no agent has room',
    since: before(60 * (at + 1)),
  };
}

/** Three runs: one is silent. */
export const FEW: Status = {
  ...IDLE,
  daemon: { pid: 4711, since: before(3 * 3600), phase: 'running' },
  tracker: { ok: true, ready: 2, error: null },
  agents: [
    someAgentStatus('copilot-1', 1, 3),
    {
      ...someAgentStatus('ci-runner-1', 2, 5),
      health: 'resting',
      resting_until: before(-240),
      why: '5 failures (agent) within 900 s',
    },
  ],
  last_error: {
    at: before(300),
    message: 'jit did not answer within 30 s: jit query ready --json was stopped',
  },
  repositories: [
    { ...IDLE_REPOSITORY, tracker: { ok: true, ready: 2, error: null }, running: 3, waiting: 2 },
  ],
  runs: [
    someRunStatus(0),
    someRunStatus(1, { stall: 'notified', silent_since: before(660) }),
    someRunStatus(2, { state: 'dispatched', started_at: null }),
  ],
  waiting: [someWait(0), someWait(1)],
};

/** Sixty runs, and everything that can be told besides. */
export const MANY: Status = {
  ...IDLE,
  daemon: { pid: 4711, since: before(9 * 86_400), phase: 'draining' },
  tracker: { ok: true, ready: 41, error: null },
  agents: [
    someAgentStatus('copilot-1', 20, 20),
    { ...someAgentStatus('ci-runner-1', 40, 40), health: 'unhealthy', why: 'exit 1: no login' },
    { ...someAgentStatus('night', 0, 4), health: 'paused', why: 'by ana: only at night' },
  ],
  paused: {
    repository: '',
    scope: '*',
    reason: 'release freeze until the tag is out',
    who: 'ana',
    since: before(1200),
    until: before(-7200),
  },
  config_error: {
    at: before(90),
    message: 'dispatch.toml:14: agents[0].capacity: expected number',
  },
  repositories: [
    { ...IDLE_REPOSITORY, tracker: { ok: true, ready: 41, error: null }, running: 60, waiting: 41 },
  ],
  runs: Array.from({ length: 60 }, (_, at) =>
    someRunStatus(59 - at, at === 40 ? { stall: 'warned', silent_since: before(301) } : {}),
  ),
  waiting: Array.from({ length: 41 }, (_, at) => someWait(at)),
  escalated: [
    {
      repository: '',
      issue: '5abcm9x001',
      title: 'Rewrite the parser',
      reason: 'lifetime',
      detail: '10 attempts',
      since: before(86_400 * 2),
    },
  ],
  workspaces: [
    {
      repository: '',
      issue: '5abcm9x001',
      path: '/srv/workspaces/5abcm9x001',
      branch: 'jit/5abcm9x001',
      kept_because: 'not pushed',
      made_at: before(86_400 * 3),
    },
  ],
};

/** Two repositories, one of which does not answer. */
export const SEVERAL: Status = {
  ...FEW,
  tracker: { ok: false, ready: 2, error: 'hub: ssh: connect to host hub port 22: refused' },
  repositories: [
    {
      name: 'web',
      tracker: { ok: true, ready: 2, error: null },
      running: 2,
      waiting: 2,
      last_error: null,
      rebuilt: null,
    },
    {
      name: 'hub',
      tracker: { ok: false, ready: null, error: 'ssh: connect to host hub port 22: refused' },
      running: 1,
      waiting: 0,
      last_error: { at: before(30), message: 'the tracker failed: exit 255' },
      rebuilt: null,
    },
  ],
  last_error: null,
  runs: FEW.runs.map((run, at) => ({ ...run, repository: at === 2 ? 'hub' : 'web' })),
  waiting: FEW.waiting.map((wait) => ({ ...wait, repository: 'web' })),
};
