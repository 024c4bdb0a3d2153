import { expect, test } from 'vitest';
import { callArgv } from '../tracker/call-argv.ts';
import type { TrackerCall } from '../tracker/tracker.ts';
import { checkOnlyIf } from './only-if.ts';
import { parseCall } from './parse-call.ts';

const FACTS = { id: '1', state: 'ready', labels: ['x'], assignee: 'a' } as const;

test.each([
  ['state:open,ready', true],
  ['NOT label:y AND state:unfinished', true],
  ['NOT label:x', false],
  ['assignee:a AND state:ready AND NOT label:y', true],
  ['assignee:b', false],
  ['NOT state:done', true],
  ['state:done', false],
])('the condition %s holds: %s', (expression, holds) => {
  const check = () => checkOnlyIf(expression, FACTS);
  if (holds) expect(check).not.toThrow();
  else expect(check).toThrow('does not fit');
});

test.each(['label:x OR label:y', 'state:sleeping', 'priority:high', '', 'NOT NOT label:x'])(
  'the condition %j is refused, and is no yes',
  (expression) => {
    expect(() => checkOnlyIf(expression, FACTS)).toThrow(
      expect.objectContaining({ kind: 'usage' }),
    );
  },
);

test('a text may look like an option, and an option is never a text', () => {
  const { options, positionals } = parseCall(['issue', 'comment', '1', '--text', '--claim']);
  expect(options.get('text')).toEqual(['--claim']);
  expect(positionals).toEqual(['1']);
  expect(parseCall(['issue', 'comment', '1', '--text=- a\n- b']).options.get('text')).toEqual([
    '- a\n- b',
  ]);
  expect(parseCall(['issue', 'release', '1', '--', '--why']).positionals).toEqual(['1', '--why']);
});

test.each([
  [['issue', 'comment', '1', '--text']],
  [['issue', 'comment', '1', '--text', 'a', '--text', 'b']],
  [['issue', 'show']],
  [['issue', 'show', '1', '2']],
  [['issue', 'show', '1', '--full']],
  [['constructor']],
  [[]],
])('%j is refused', (argv) => {
  expect(() => parseCall(argv)).toThrow(expect.objectContaining({ kind: 'usage' }));
});

test('every call that a dispatcher makes is understood', () => {
  const issue = '1';
  const token = 't'.repeat(32);
  const calls: { readonly [K in TrackerCall['do']]: Extract<TrackerCall, { do: K }> } = {
    assigned: { do: 'assigned', agent: 'a' },
    show: { do: 'show', issue },
    claim: {
      do: 'claim',
      issue,
      agent: 'a',
      token,
      ttlSecs: 600,
      maxHeld: 1,
      taskType: 'research',
      agentTitle: 'Ana',
    },
    heartbeat: { do: 'heartbeat', issue, token, ttlSecs: 600 },
    finish: { do: 'finish', issue, token },
    release: { do: 'release', issue, token, reason: 'r', failed: 'gate', deferSecs: 10 },
    defer: { do: 'defer', issue, until: '2026-11-20T10:00:00.000Z' },
    history: { do: 'history', issue },
    comments: { do: 'comments', issue },
    comment: { do: 'comment', issue, text: 't' },
    escalate: { do: 'escalate', issue, state: 'ready' },
    admit: { do: 'admit', issue, priority: 'high' },
    hold: { do: 'hold', issue },
    unhold: { do: 'unhold', issue },
    log: { do: 'log', issue },
    claims: { do: 'claims' },
    dependencies: { do: 'dependencies', issue },
    additions: { do: 'additions', issue },
    releases: { do: 'releases', issue },
    gate_status: { do: 'gate_status', issue },
    is_reserved: { do: 'is_reserved', issue, agent: 'a' },
    reserve: { do: 'reserve', issue, agent: 'a' },
    explain: { do: 'explain', issue },
    link: { do: 'link', issue, name: 'pull_request', url: 'https://forge/1' },
    gate_log: { do: 'gate_log', issue, gate: 'tests', gateRun: 'g1' },
  };
  for (const call of Object.values(calls))
    expect(() => parseCall(callArgv(call, 'd', { tellsPeople: true }))).not.toThrow();
});
