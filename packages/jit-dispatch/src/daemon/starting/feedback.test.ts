import { expect, test } from 'vitest';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { feedbackText, toVariable, withFeedback } from './feedback.ts';

function claimed(id: string, attempt: number, more: object = {}): TrackerAnswer {
  const issue: TrackerIssue = {
    id,
    title: id,
    state: 'in_progress',
    priority: 'normal',
    assignee: 'a',
    labels: [],
    attempt,
    isClaimed: true,
    created_at: '2026-11-20T10:00:00.000Z',
    whole: { id, ...more },
  };
  return { is: 'ok', issues: [issue] };
}

const RUN = {
  id: 'g1',
  attempt: 1,
  verdict: 'failed',
  end: 'exit 1',
  output_bytes: 10,
  stale: null,
};
const told = (result: unknown): TrackerAnswer => ({ is: 'ok', issues: [], result });

/** A tracker with these pasts, and what it was asked in each batch. */
function trackerWith(answer: (call: TrackerCall) => TrackerAnswer | Error) {
  const batches: string[][] = [];
  const logged: string[] = [];
  const dispatcher = {
    tracker: {
      async call(calls: readonly TrackerCall[]) {
        batches.push(calls.map((call) => call.do));
        return calls.map((call) => {
          const given = answer(call);
          if (given instanceof Error) throw given;
          return given;
        });
      },
    },
    log: ({ message }: { message: string }) => void logged.push(message),
  } as unknown as Dispatcher;
  return { batches, logged, dispatcher };
}

const wholeOf = (answer: TrackerAnswer | undefined) =>
  answer?.is === 'ok' ? (answer.issues[0]?.whole as Record<string, unknown>) : null;

function past(
  call: TrackerCall,
  output = 'no light\n',
  gates = [{ key: 'tests', stage: 'done', last_run: RUN }],
) {
  if (call.do === 'releases')
    return told([
      { attempt: 1, assignee: 'a', reason: 'exit code 3', failed: 'agent' },
      { attempt: 2, assignee: 'b', reason: 'a person asked for it', failed: null },
    ]);
  if (call.do === 'gate_status') return told({ gates });
  return told({ output });
}

test('issues that were tried before are asked about together, others not at all', async () => {
  const { dispatcher, batches } = trackerWith((call) => past(call));
  const answers = [claimed('i1', 1), claimed('i2', 3), claimed('i3', 2)];
  const [first, second, third] = await withFeedback(dispatcher, answers);
  expect(batches).toEqual([
    ['releases', 'gate_status', 'releases', 'gate_status'],
    ['gate_log', 'gate_log'],
  ]);
  expect(first).toEqual(answers[0]);
  const found = {
    earlier_failures: [{ attempt: 1, agent: 'a', class: 'agent', reason: 'exit code 3' }],
    failed_gates: [{ gate: 'tests', attempt: 1, end: 'exit 1', output: 'no light' }],
  };
  expect(wholeOf(second)).toEqual({ id: 'i2', ...found });
  expect(wholeOf(third)).toEqual({ id: 'i3', ...found });
});

test('only exit gates whose newest result counts, failed, and is of an earlier attempt are told', async () => {
  const gates = [
    { key: 'entry', stage: 'ready', last_run: RUN },
    { key: 'passed', stage: 'done', last_run: { ...RUN, verdict: 'passed' } },
    { key: 'stale', stage: 'done', last_run: { ...RUN, stale: 'it changed' } },
    { key: 'now', stage: 'done', last_run: { ...RUN, attempt: 2 } },
    { key: 'never', stage: 'done', last_run: null },
  ] as Parameters<typeof past>[2];
  const { dispatcher } = trackerWith((call) => past(call, '', gates));
  const [answer] = await withFeedback(dispatcher, [claimed('i1', 2)]);
  expect(wholeOf(answer)?.failed_gates).toEqual([]);
});

test('a tracker that does not answer costs the feedback, not the run', async () => {
  const answers = [claimed('i1', 2)];
  for (const answer of [
    new Error('gone'),
    { is: 'unknown', message: 'no answer' } as const,
    told('something else'),
  ]) {
    const { dispatcher, logged } = trackerWith(() => answer);
    expect(await withFeedback(dispatcher, answers)).toEqual(answers);
    expect(logged).toHaveLength(answer instanceof Error ? 1 : 0);
  }
});

test('an output that can not be had leaves the failures, and the other outputs', async () => {
  const big = { ...RUN, id: 'g2', output_bytes: 60_000_000 };
  const gates = [
    { key: 'big', stage: 'done', last_run: big },
    { key: 'tests', stage: 'done', last_run: RUN },
  ];
  const { dispatcher, logged } = trackerWith((call) =>
    call.do === 'gate_log' && call.gate === 'big'
      ? new Error('too long')
      : past(call, 'no light', gates),
  );
  const [answer] = await withFeedback(dispatcher, [claimed('i1', 2)]);
  expect(wholeOf(answer)).toMatchObject({
    earlier_failures: [{ attempt: 1 }],
    failed_gates: [
      { gate: 'big', output: '' },
      { gate: 'tests', output: 'no light' },
    ],
  });
  expect(logged).toEqual([expect.stringContaining('too long')]);
});

test('many long outputs, reasons and a long issue leave room for each other', async () => {
  const gates = Array.from({ length: 9 }, (_, n) => ({
    key: `g${n}`,
    stage: 'done',
    last_run: RUN,
  }));
  const { dispatcher } = trackerWith((call) =>
    call.do === 'releases'
      ? told(Array.from({ length: 50 }, () => ({ failed: 'agent', reason: 'r'.repeat(1e6) })))
      : past(call, 'ü'.repeat(20_000), gates),
  );
  const sizes: number[] = [];
  for (const description of ['', 'x'.repeat(80_000), 'x'.repeat(1e6)]) {
    const [answer] = await withFeedback(dispatcher, [claimed('i1', 2, { description })]);
    const { earlier_failures, failed_gates } = wholeOf(answer) as {
      earlier_failures: unknown[];
      failed_gates: { output: string }[];
    };
    expect(earlier_failures).toHaveLength(20);
    for (const { output } of failed_gates)
      expect(Buffer.byteLength(output)).toBeLessThanOrEqual(8192);
    sizes.push(failed_gates.reduce((sum, { output }) => sum + Buffer.byteLength(output), 0));
  }
  expect(sizes[0]).toBeLessThanOrEqual(32 * 1024);
  expect(sizes[1]).toBeGreaterThan(0);
  expect(sizes[2]).toBe(0);
});

test('an issue that only just fits into one variable still does when it was tried before', async () => {
  const { dispatcher } = trackerWith((call) =>
    call.do === 'releases'
      ? told(Array.from({ length: 50 }, () => ({ failed: 'agent', reason: '"'.repeat(1000) })))
      : past(call),
  );
  for (const [length, isWhole] of [
    [60_000, true],
    [130_000, false],
  ] as const) {
    const description = 'x'.repeat(length);
    const [answer] = await withFeedback(dispatcher, [claimed('i1', 2, { description })]);
    const text = toVariable(wholeOf(answer));
    expect(Buffer.byteLength(`JIT_ISSUE_JSON=${text}`)).toBeLessThan(128 * 1024);
    expect(JSON.parse(text)).toMatchObject({ id: 'i1', description });
    expect('earlier_failures' in JSON.parse(text)).toBe(isWhole);
  }
});

test('agents that read text get the same, and no file where there is nothing', async () => {
  const { dispatcher } = trackerWith((call) => past(call));
  const [answer] = await withFeedback(dispatcher, [claimed('i1', 2)]);
  const [issue] = answer?.is === 'ok' ? answer.issues : [];
  expect(issue && feedbackText(issue)).toBe(
    `This issue was tried before. What failed then:

- attempt 1 by a, agent: exit code 3

Gate tests failed in attempt 1 (exit 1). It printed:
no light
`,
  );
  expect(issue && feedbackText({ ...issue, whole: {} })).toBeNull();
});
