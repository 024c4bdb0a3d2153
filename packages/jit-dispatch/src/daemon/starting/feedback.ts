import { readGateLog, readGates, readReleases } from '../../tracker/read-past.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import { outputEnd } from '../../views/output-end.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { askOrGoWithout } from './ask-or-go-without.ts';

/** What agents are started without where it can't be had. */
const EXTRA = { event: 'feedback', what: 'all word of earlier failures' } as const;

/** A failure that is written down at the issue. */
interface EarlierFailure {
  readonly attempt: number;
  readonly agent: string | null;
  readonly class: string;
  readonly reason: string;
}

/** An exit gate that failed when it was last run, with the end of what its checker printed. */
interface FailedGate {
  readonly gate: string;
  readonly attempt: number;
  readonly end: string;
  readonly output: string;
}

/** The newest so many failures are told. */
const MAX_FAILURES = 20;
/** Of the output of a gate, and of all of them together. */
const OUTPUT_BYTES = 8 * 1024;
const ALL_OUTPUT_BYTES = 32 * 1024;
const REASON_CHARS = 1000;
/** The whole issue as JSON may be handed over in one environment variable, which holds 128 KiB. */
const ISSUE_BYTES = 110 * 1024;
/** Outputs up to here are asked for together, longer ones one by one: an answer has a limit. */
const TOGETHER_BYTES = 256 * 1024;

/**
 * Adds to freshly claimed issues that were tried before what failed then: `earlier_failures` and
 * `failed_gates`. What can't be fetched is left out; it costs no run.
 */
export async function withFeedback(
  dispatcher: Dispatcher,
  answers: readonly TrackerAnswer[],
): Promise<readonly TrackerAnswer[]> {
  const retried = answers.flatMap((answer) =>
    answer.is === 'ok' ? answer.issues.filter(({ attempt }) => attempt > 1) : [],
  );
  if (retried.length === 0) return answers;
  const pasts = await gather(dispatcher, retried);
  const extend = (issue: TrackerIssue): TrackerIssue => {
    const { earlier_failures = [], failed_gates = [] } = pasts.get(issue.id) ?? {};
    if (earlier_failures.length + failed_gates.length === 0) return issue;
    return { ...issue, whole: { ...(issue.whole as object), earlier_failures, failed_gates } };
  };
  return answers.map((answer) =>
    answer.is === 'ok' ? { ...answer, issues: answer.issues.map(extend) } : answer,
  );
}

/** What is known of the past of each issue. */
type Pasts = ReadonlyMap<string, Past>;
interface Past {
  readonly earlier_failures: readonly EarlierFailure[];
  readonly failed_gates: FailedGate[];
}

/** A failed run of a gate, and how much it printed. */
interface Wanted {
  readonly issue: string;
  readonly gate: string;
  readonly gateRun: string;
  readonly bytes: number;
}

async function gather(dispatcher: Dispatcher, issues: readonly TrackerIssue[]): Promise<Pasts> {
  const calls = issues.flatMap(({ id }): TrackerCall[] => [
    { do: 'releases', issue: id },
    { do: 'gate_status', issue: id },
  ]);
  const answers = await askOrGoWithout(dispatcher, calls, EXTRA);
  const pasts = new Map<string, Past>();
  const wanted: Wanted[] = [];
  for (const [index, { id, attempt }] of issues.entries()) {
    const failed_gates: FailedGate[] = [];
    for (const { key, stage, last_run: run } of readGates(answers[2 * index + 1])) {
      const counts = stage === 'done' && run?.verdict === 'failed' && run.stale === null;
      if (!counts || run.attempt >= attempt) continue;
      failed_gates.push({ gate: key, attempt: run.attempt, end: run.end, output: '' });
      wanted.push({ issue: id, gate: key, gateRun: run.id, bytes: run.output_bytes });
    }
    pasts.set(id, { earlier_failures: toFailures(readReleases(answers[2 * index])), failed_gates });
  }
  const outputs = await readOutputs(dispatcher, wanted);
  for (const { id, whole } of issues)
    fill(pasts.get(id), whole, (gate) => outputs.get(`${id} ${gate}`));
  return pasts;
}

async function readOutputs(
  dispatcher: Dispatcher,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> {
  const short = wanted.filter(({ bytes }) => bytes <= TOGETHER_BYTES);
  const long = wanted.filter(({ bytes }) => bytes > TOGETHER_BYTES);
  const outputs = new Map<string, string>();
  for (const group of [short, ...long.map((each) => [each])]) {
    const calls = group.map(({ issue, gate, gateRun }): TrackerCall => {
      return { do: 'gate_log', issue, gate, gateRun };
    });
    const answers = await askOrGoWithout(dispatcher, calls, EXTRA);
    for (const [index, { issue, gate }] of group.entries())
      outputs.set(`${issue} ${gate}`, readGateLog(answers[index]));
  }
  return outputs;
}

/** Adds the outputs, as far as there is room for them beside the issue. */
function fill(
  past: Past | undefined,
  whole: unknown,
  outputOf: (gate: string) => string | undefined,
): void {
  const free = ISSUE_BYTES - Buffer.byteLength(JSON.stringify(whole));
  // Escaped, a byte may become two.
  let room = Math.max(0, Math.min(ALL_OUTPUT_BYTES, Math.floor(free / 2)));
  for (const [index, failed] of (past?.failed_gates ?? []).entries()) {
    const output = outputEnd(outputOf(failed.gate) ?? '', Math.min(OUTPUT_BYTES, room));
    room -= Buffer.byteLength(output);
    past?.failed_gates.splice(index, 1, { ...failed, output });
  }
}

function toFailures(releases: ReturnType<typeof readReleases>): EarlierFailure[] {
  return releases
    .flatMap(({ attempt, assignee, reason, failed }) =>
      typeof failed === 'string'
        ? [
            {
              attempt: attempt ?? 0,
              agent: assignee ?? null,
              class: failed,
              reason: (reason ?? '').slice(0, REASON_CHARS),
            },
          ]
        : [],
    )
    .slice(-MAX_FAILURES);
}

/** One variable with its name, its end and 128 KiB. */
const VARIABLE_BYTES = 128 * 1024 - 'JIT_ISSUE_JSON='.length - 1;

/**
 * The issue as JSON for one environment variable: without what was added to it where both have no room.
 * It is in the feedback file, too; with a variable that is too long the agent could not even start.
 */
export function toVariable(whole: unknown): string {
  const text = JSON.stringify(whole);
  if (Buffer.byteLength(text) <= VARIABLE_BYTES) return text;
  const { earlier_failures: _, failed_gates: __, ...issue } = whole as Partial<Past>;
  return JSON.stringify(issue);
}

/** The same for an agent that reads text: what `withFeedback` added to an issue, or null. */
export function feedbackText({ whole }: TrackerIssue): string | null {
  const { earlier_failures: failures = [], failed_gates: gates = [] } = (whole ?? {}) as {
    earlier_failures?: readonly EarlierFailure[];
    failed_gates?: readonly FailedGate[];
  };
  if (failures.length + gates.length === 0) return null;
  const lines = ['This issue was tried before. What failed then:', ''];
  for (const { attempt, agent, class: kind, reason } of failures)
    lines.push(`- attempt ${attempt} by ${agent ?? 'somebody'}, ${kind}: ${reason}`);
  for (const { gate, attempt, end, output } of gates)
    lines.push(
      '',
      `Gate ${gate} failed in attempt ${attempt} (${end}). It printed:`,
      output || '(nothing that was kept)',
    );
  return `${lines.join('\n')}\n`;
}
