import { estimateTokenCount } from 'tokenx';
import { expect, test } from 'vitest';
import { someAgent, someRun } from '../../../test/samples.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { openPrompts } from './prompts.ts';

const AT = '2026-11-20T10:00:00.000Z';

function issueOf(id: string, more: object = {}, attempt = 1): TrackerIssue {
  return {
    id,
    title: `Title of ${id}`,
    state: 'in_progress',
    priority: 'normal',
    assignee: 'w',
    labels: [],
    attempt,
    isClaimed: true,
    created_at: AT,
    whole: { id, ...more },
  };
}

/** A dispatcher whose tracker answers so, and what it was asked in each batch. */
function dispatcherWith(answer: (call: TrackerCall) => TrackerAnswer) {
  const batches: string[][] = [];
  const logged: string[] = [];
  const dispatcher = {
    config: {
      forges: { github: null, gitea: null },
      repositories: [],
      tracker: { forge: null },
      prompt: { templateText: null, budgetTokens: 8000 },
    },
    place: { cwd: '/none' },
    tracker: {
      async call(calls: readonly TrackerCall[]) {
        batches.push(calls.map((call) => `${call.do} ${'issue' in call ? call.issue : ''}`));
        return calls.map(answer);
      },
    },
    log: ({ message }: { message: string }) => void logged.push(message),
  } as unknown as Dispatcher;
  return { dispatcher, batches, logged };
}

const start = (prompt: 'file' | null) => ({
  run: someRun(),
  agent: someAgent({ prompt }),
  workspace: null,
});
const ok = (issue: TrackerIssue): TrackerAnswer => ({ is: 'ok', issues: [issue] });
const comments = [{ by: 'w', at: AT, text: 'the answer is 42' }];

test('the tracker is asked once for all starts, and only for agents that take a prompt', async () => {
  const { dispatcher, batches } = dispatcherWith((call) =>
    call.do === 'releases'
      ? { is: 'ok', issues: [], result: [{ reason: 'handed_over: it waits for d1; exit code 0' }] }
      : ok(issueOf('issue' in call ? call.issue : '', { comments })),
  );
  const issues = [
    issueOf('i1', { dependencies: ['d1', 'd2'] }, 2),
    issueOf('i2', { dependencies: ['d3'] }),
    issueOf('i3'),
    issueOf('i4', { dependencies: ['d4'] }),
  ];
  const starts = [start('file'), start('file'), start('file'), start(null)];
  const make = await openPrompts(dispatcher, starts, issues.map(ok));
  expect(batches).toEqual([['show d1', 'show d2', 'releases i1', 'show d3']]);
  const prompts = starts.map((each, index) => make(each, issues[index] ?? issueOf('x')));
  expect(prompts[0]).toContain('the answer is 42');
  expect(prompts[0]?.match(/a part of this issue that was handed over/g)).toHaveLength(1);
  expect(prompts[1]).toContain('### Title of d3');
  expect(prompts[3]).toBeNull();
});

test('nobody who takes a prompt costs the tracker nothing', async () => {
  const { dispatcher, batches } = dispatcherWith(() => ({ is: 'unknown', message: '' }));
  await openPrompts(dispatcher, [start(null)], [ok(issueOf('i1', { dependencies: ['d1'] }))]);
  expect(batches).toEqual([]);
});

test('a wish for a budget cuts the prompt of its issue, and of no other', async () => {
  const { dispatcher, logged } = dispatcherWith(() => ({ is: 'unknown', message: '' }));
  const description = 'work '.repeat(3000);
  const wished = issueOf('i1', { description, metadata: { 'dispatch.token_budget': '1000' } });
  const other = issueOf('i2', { description });
  const starts = [start('file'), start('file')];
  const make = await openPrompts(dispatcher, starts, [ok(wished), ok(other)]);
  const [short, long] = [wished, other].map((issue) => make(start('file'), issue) ?? '');
  expect(estimateTokenCount(short)).toBeLessThanOrEqual(1000);
  expect(short).toContain('tokens are left out');
  expect(long).toContain(description.trim());
  expect(logged).toEqual([expect.stringMatching(/^cut to about \d+ tokens: /)]);
});

test('what the tracker does not tell is left out, and the prompt says so', async () => {
  const issue = issueOf('i1', { dependencies: ['d1', 'd2'] });
  const answers = [
    () => ({ is: 'unknown', message: 'no answer' }) as const,
    () => {
      throw new Error('gone');
    },
  ];
  for (const answer of answers) {
    const { dispatcher } = dispatcherWith(answer);
    const make = await openPrompts(dispatcher, [start('file')], [ok(issue)]);
    expect(make(start('file'), issue)).toContain('- Results of 2 more issues: see jit dep list.');
  }
});
