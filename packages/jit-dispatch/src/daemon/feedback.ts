import { readGateLog, readGates, readReleases } from '../tracker/read-past.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../tracker/tracker.ts';
import type { Dispatcher } from './dispatcher.ts';

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
  const failures = new Map<string, EarlierFailure[]>();
  const gates = new Map<string, FailedGate[]>();
  try {
    await gather(dispatcher, retried, { failures, gates });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `agents are started without word of earlier failures: ${why}`;
    dispatcher.log({ level: 'warn', event: 'feedback', message });
  }
  const extend = (issue: TrackerIssue): TrackerIssue => {
    const [earlier_failures = [], failed_gates = []] = [
      failures.get(issue.id),
      gates.get(issue.id),
    ];
    if (earlier_failures.length + failed_gates.length === 0) return issue;
    const whole = issue.whole as object;
    return { ...issue, whole: { ...whole, earlier_failures, failed_gates } };
  };
  return answers.map((answer) =>
    answer.is === 'ok' ? { ...answer, issues: answer.issues.map(extend) } : answer,
  );
}

async function gather(
  { tracker }: Dispatcher,
  issues: readonly TrackerIssue[],
  found: {
    readonly failures: Map<string, EarlierFailure[]>;
    readonly gates: Map<string, FailedGate[]>;
  },
): Promise<void> {
  const calls = issues.flatMap(({ id }): TrackerCall[] => [
    { do: 'releases', issue: id },
    { do: 'gate_status', issue: id },
  ]);
  const answers = await tracker.call(calls);
  const wanted: { call: TrackerCall; bytes: number; keep: (output: string) => void }[] = [];
  for (const [index, { id, attempt }] of issues.entries()) {
    found.failures.set(id, toFailures(readReleases(answers[2 * index])));
    const failed = readGates(answers[2 * index + 1]).flatMap(({ key, stage, last_run: run }) =>
      stage === 'done' && run?.verdict === 'failed' && run.stale === null && run.attempt < attempt
        ? [{ key, run }]
        : [],
    );
    let roomLeft = ALL_OUTPUT_BYTES;
    const told: FailedGate[] = failed.map(({ key, run }) => ({
      gate: key,
      attempt: run.attempt,
      end: run.end,
      output: '',
    }));
    found.gates.set(id, told);
    failed.forEach(({ key, run }, at) => {
      wanted.push({
        call: { do: 'gate_log', issue: id, gate: key, gateRun: run.id },
        bytes: run.output_bytes,
        keep(output) {
          const end = endOf(output, Math.min(OUTPUT_BYTES, roomLeft));
          roomLeft -= Buffer.byteLength(end);
          told[at] = { ...(told[at] as FailedGate), output: end };
        },
      });
    });
  }
  const short = wanted.filter(({ bytes }) => bytes <= TOGETHER_BYTES);
  const long = wanted.filter(({ bytes }) => bytes > TOGETHER_BYTES);
  for (const group of [short, ...long.map((each) => [each])]) {
    if (group.length === 0) continue;
    const logs = await tracker.call(group.map(({ call }) => call));
    for (const [at, { keep }] of group.entries()) keep(readGateLog(logs[at]));
  }
}

function toFailures(releases: ReturnType<typeof readReleases>): EarlierFailure[] {
  return releases
    .flatMap(({ attempt, assignee, reason, failed }) =>
      typeof failed === 'string'
        ? [{ attempt: attempt ?? 0, agent: assignee ?? null, class: failed, reason: reason ?? '' }]
        : [],
    )
    .slice(-MAX_FAILURES);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The end of an output, without what is meant for terminals, at most so many bytes. */
function endOf(output: string, bytes: number): string {
  if (bytes <= 0) return '';
  const clean = output.replace(ESCAPES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '').trimEnd();
  const whole = Buffer.from(clean);
  if (whole.length <= bytes) return clean;
  let start = whole.length - bytes + 3; // room for the mark
  while (start < whole.length && ((whole[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return `…${whole.subarray(start).toString('utf8')}`;
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
