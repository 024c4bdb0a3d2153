import { expect, test } from 'vitest';
import { callArgv } from './call-argv.ts';
import type { TrackerCall } from './tracker.ts';

const CALLS: { readonly [K in TrackerCall['do']]: Extract<TrackerCall, { do: K }> } = {
  assigned: { do: 'assigned', agent: 'a' },
  show: { do: 'show', issue: 'i1' },
  claim: { do: 'claim', issue: 'i1', agent: 'a', token: 't', ttlSecs: 600, maxHeld: 1 },
  heartbeat: { do: 'heartbeat', issue: 'i1', token: 't' },
  finish: { do: 'finish', issue: 'i1', token: 't' },
  release: { do: 'release', issue: 'i1', token: 't', reason: 'r', failed: 'gate', deferSecs: 10 },
  defer: { do: 'defer', issue: 'i1', until: '2026-11-20T10:00:00.000Z' },
  history: { do: 'history', issue: 'i1' },
  comments: { do: 'comments', issue: 'i1' },
  comment: { do: 'comment', issue: 'i1', text: 't' },
  link: { do: 'link', issue: 'i1', name: 'pull_request', url: 'https://forge/1' },
  escalate: { do: 'escalate', issue: 'i1', state: 'ready' },
  admit: { do: 'admit', issue: 'i1' },
  hold: { do: 'hold', issue: 'i1' },
  unhold: { do: 'unhold', issue: 'i1' },
  log: { do: 'log', issue: 'i1' },
  claims: { do: 'claims' },
  dependencies: { do: 'dependencies', issue: 'i1' },
  additions: { do: 'additions', issue: 'i1' },
  releases: { do: 'releases', issue: 'i1' },
  gate_status: { do: 'gate_status', issue: 'i1' },
  is_reserved: { do: 'is_reserved', issue: 'i1', agent: 'a' },
  reserve: { do: 'reserve', issue: 'i1', agent: 'a' },
  explain: { do: 'explain', issue: 'i1' },
  gate_log: { do: 'gate_log', issue: 'i1', gate: 'tests', gateRun: 'g1' },
};

test('no call passes over gates, blockers or claims: only `finish` asks for done, and takes no for an answer', () => {
  const all = Object.values(CALLS).map((call) => callArgv(call, 'd'));
  for (const argv of all) {
    expect(argv).not.toContain('--force');
    expect(argv).not.toContain('--override-claim');
    expect(argv.slice(0, 2)).not.toEqual(['gate', 'pass']);
  }
  expect(all.filter((argv) => argv.includes('done'))).toEqual([callArgv(CALLS.finish, 'd')]);
});

test('a claim says what kind of work it is to a tracker that takes it, and to no other', () => {
  const claim = { ...CALLS.claim, taskType: 'research' };
  expect(callArgv(claim, 'd')).toEqual(callArgv(CALLS.claim, 'd'));
  expect(callArgv(claim, 'd', { tellsPeople: true }).join(' ')).toContain('--task-type research');
  const unknown = callArgv({ ...claim, taskType: null }, 'd', { tellsPeople: true });
  expect(unknown).toEqual(callArgv(CALLS.claim, 'd'));
});

test('a claim says what people call the agent to a tracker that takes it, and to no other', () => {
  const claim = { ...CALLS.claim, agentTitle: 'Ana' };
  expect(callArgv(claim, 'd')).toEqual(callArgv(CALLS.claim, 'd'));
  expect(callArgv(claim, 'd', { tellsPeople: true }).join(' ')).toContain('--agent-title Ana');
});

test('what is to be written into the metadata goes with the label', () => {
  const given = callArgv({ ...CALLS.escalate, metadata: { 'dispatch.to': '' } }, 'x');
  expect(given).toContain('--meta');
  expect(given).toContain('dispatch.to=');
  expect(callArgv(CALLS.escalate, 'x')).not.toContain('--meta');
});

test('a priority is written with what admits an issue, and stays where none is said', () => {
  const argv = callArgv({ ...CALLS.admit, priority: 'high' }, 'x').join(' ');
  expect(argv).toMatch(/^issue update i1 .*--remove-label dispatch:held .*--priority high/);
  expect(callArgv(CALLS.admit, 'x')).not.toContain('--priority');
});

test('a claim for a person has no lease, and one that is needed later is asked for', () => {
  const claim = callArgv({ ...CALLS.claim, ttlSecs: null }, 'jit-dispatch:test');
  expect(claim).not.toContain('--ttl');
  expect(callArgv({ ...CALLS.heartbeat, ttlSecs: 600 }, 'x').slice(-2)).toEqual(['--ttl', '600']);
  expect(callArgv(CALLS.heartbeat, 'x')).not.toContain('--ttl');
});
