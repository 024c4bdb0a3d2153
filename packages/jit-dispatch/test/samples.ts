import type { ChoosingConfig } from '../src/config/choosing.ts';
import type { AgentConfig } from '../src/config/config.ts';
import { DEFAULT_TASK_TYPE, DEFAULT_TASK_TYPES } from '../src/config/default-words.ts';
import { wordPattern } from '../src/config/word-pattern.ts';
import type { Run } from '../src/ledger/run.ts';
import type { Assessment } from '../src/planning/assessing/assess.ts';
import type { Candidate } from '../src/planning/choosing/candidate.ts';
import type { ReadyIssue, Snapshot } from '../src/planning/plan-cycle.ts';
import type { KeeperSpec } from '../src/run-records.ts';

const NEVER = { startupGraceSecs: 0, warnSecs: 0, notifySecs: 0, stopSecs: 0 };

/** An agent that runs `true`, with what the test is about. */
export function someAgent(facts: Partial<AgentConfig> = {}): AgentConfig {
  return {
    id: 'a',
    title: null,
    kind: 'command',
    outside: null,
    type: null,
    capacity: 1,
    tags: [],
    role: null,
    capabilities: [],
    skills: [],
    strengths: [],
    class: 'ai',
    mayTakeHighRisk: false,
    argv: ['true'],
    completion: 'issue',
    issueJson: null,
    prompt: null,
    health: null,
    env: {},
    passEnv: [],
    redact: [],
    timeLimitSecs: 60,
    stall: NEVER,
    account: 'a',
    rateLimitExit: [75],
    rateLimitPattern: null,
    ...facts,
  };
}

/** A run that was journalled, with what the test is about. */
export function someRun(facts: Partial<Run> = {}): Run {
  return {
    run: 'r1',
    issue: 'i1',
    title: 'Issue',
    agent: 'a',
    state: 'created',
    token: 'secret',
    attempt: null,
    completion: 'issue',
    reason: null,
    detail: null,
    exit_code: null,
    signal: null,
    pid: null,
    log: null,
    created_at: '2026-11-20T10:00:00.000Z',
    dispatched_at: null,
    started_at: null,
    ended_at: null,
    failed: null,
    failures: 0,
    gate_tries: 0,
    workspace: null,
    task_type: null,
    class: null,
    score: null,
    ...facts,
  };
}

/** What a keeper is told, with what the test is about. */
export function someSpec(facts: Partial<KeeperSpec> = {}): KeeperSpec {
  return {
    run: 'r1',
    issue: 'i1',
    agent: 'a',
    attempt: 1,
    argv: ['true'],
    cwd: '/',
    workspace: null,
    pass_env: ['PATH'],
    env: {},
    stdin: null,
    tracker: { argv: ['jit'], suffix: [], cwd: '/', env: {} },
    token: 'secret',
    ttl_secs: 600,
    leased_at_ms: 0,
    time_limit_secs: 600,
    stop_grace_secs: 10,
    output_cap_bytes: 10 * 1024 * 1024,
    stall: { startup_grace_secs: 0, warn_secs: 0, notify_secs: 0, stop_secs: 0 },
    secrets: [],
    ...facts,
  };
}

/** An agent that a plan can choose, with what the test is about. */
export function someCandidate(facts: Partial<Candidate> = {}): Candidate {
  return {
    id: 'a',
    capacity: 1,
    tags: [],
    role: null,
    capabilities: [],
    skills: [],
    strengths: [],
    class: 'ai',
    mayTakeHighRisk: false,
    health: { is: 'well' },
    turn: null,
    tracks: new Map(),
    ...facts,
  };
}

/** How agents are chosen where the configuration says nothing, with what the test is about. */
export function someChoosing(facts: Partial<ChoosingConfig> = {}): ChoosingConfig {
  const nothing = { keywords: [] };
  return {
    ...someSnapshot().rules,
    taskTypes: DEFAULT_TASK_TYPES.map(({ name, keywords }) => ({
      name,
      keywords,
      pattern: keywords.length === 0 ? null : wordPattern(keywords),
    })),
    classification: {
      by: 'none',
      program: null,
      onFailure: 'wait',
      threshold: 0.7,
      human: nothing,
      hybrid: nothing,
      ai: nothing,
    },
    risk: { file: null, map: null, threshold: 7 },
    ...facts,
  };
}

/** What is known of an issue that asks for nothing, with what the test is about. */
export function someAssessment(facts: Partial<Assessment> = {}): Assessment {
  return {
    taskType: { name: DEFAULT_TASK_TYPE, by: 'default', detail: 'no word of its text tells' },
    role: null,
    needs: [],
    classed: null,
    risk: null,
    wishes: {
      to: null,
      prefer: null,
      exclude: [],
      class: null,
      taskType: null,
      tokenBudget: null,
      maxAttempts: null,
      problems: [],
    },
    tokens: 0,
    ...facts,
  };
}

/** An issue that is ready, with what the test is about. */
export function readyIssue(id: string, facts: Partial<ReadyIssue> = {}): ReadyIssue {
  return {
    id,
    key: id,
    repository: '',
    title: `Issue ${id}`,
    priority: 'normal',
    labels: [],
    assignee: null,
    created_at: '2026-11-20T10:00:00.000Z',
    assessment: someAssessment(),
    ...facts,
  };
}

/** What a plan is made from where nothing is special, with what the test is about. */
export function someSnapshot(facts: Partial<Snapshot> = {}): Snapshot {
  return {
    ready: [],
    agents: [],
    claims: new Map(),
    runs: [],
    maxConcurrent: 10,
    maxStarts: null,
    histories: new Map(),
    refused: new Map(),
    limits: { attemptsPerAgent: 3, gateFailuresPerAgent: 2, lifetime: 10, maxWaits: 20 },
    rules: {
      strategy: { name: 'best-match', agent: null },
      seed: 0,
      match: { tags: 3, strengths: 2, class: 1, affinity: 0, load: 0 },
      escalatesUnsuitable: false,
      labelFilter: [],
    },
    now: Date.parse('2026-11-20T11:00:00.000Z'),
    age: { stepHours: 24, maxSteps: 2 },
    stealAfterSecs: 0,
    repositories: [],
    workLimits: [],
    work: [],
    states: new Map(),
    paused: new Map(),
    noRoom: null,
    waitingForAgents: new Map(),
    ...facts,
  };
}
