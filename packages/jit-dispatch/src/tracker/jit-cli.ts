import type { z } from 'zod';
import { answerSchema, BatchLine, Failure, IssueList, Where } from './answers.ts';
import { type Callee, callArgv } from './call-argv.ts';
import { inParts, withLongTexts } from './in-parts.ts';
import { afterNoise } from './noise.ts';
import { type ProgramResult, runProgram } from './run-program.ts';
import type { Tracker, TrackerAnswer, TrackerCall } from './tracker.ts';
import { excerpt, trackerError } from './tracker-error.ts';
import type { TrackerProgram } from './tracker-program.ts';

/** A small item, and what people wrote. */
const FIELDS_WITH_TEXTS = [
  ...['id', 'title', 'state', 'priority', 'assignee', 'labels', 'attempt', 'claim', 'created_at'],
  ...['description', 'acceptance_criteria', 'documents', 'metadata', 'links'],
].join(',');

/** How to talk to `jit`. */
export interface JitCliOptions extends Callee {
  readonly program: TrackerProgram;
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** The name under which the dispatcher changes issues. */
  readonly actor: string;
  /** Told what was printed before an answer, each time; null: nothing may be, and it spoils the answer. */
  readonly onNoise?: ((noise: string) => void) | null;
  /** How a program is run; a process for each call where nothing else is said. */
  readonly run?: typeof runProgram;
}

/** The tracker behind the command line of `jit`: a process per call, JSON on its stdout. */
export function createJitCli(options: JitCliOptions): Tracker {
  const { program, environment, timeoutMs, actor, onNoise = null, run = runProgram } = options;
  const lineOf = (call: TrackerCall) => `${JSON.stringify(callArgv(call, actor, options))}\n`;
  const hear = (result: ProgramResult): ProgramResult => {
    if (onNoise === null) return result;
    const { answer, noise } = afterNoise(result.stdout);
    if (noise !== '') onNoise(noise);
    return { ...result, stdout: answer };
  };
  const ask = async <T>(args: readonly string[], schema: z.ZodType<T>): Promise<T> => {
    const called = [...args, '--json'].join(' ');
    const result = hear(await run(program, { args: [...args, '--json'], environment, timeoutMs }));
    const document = parseJson(result.stdout);
    if (result.exit !== 0) throw failureOf(called, result, { document, program });
    return conform(called, document, schema, result.stdout);
  };

  const batch = async (
    calls: readonly TrackerCall[],
    flags: readonly string[],
  ): Promise<readonly TrackerAnswer[]> => {
    const input = calls.map(lineOf).join('');
    const args = ['batch', ...flags];
    const result = hear(await run(program, { args, input, environment, timeoutMs }));
    return readAnswers(calls, withoutTokens(calls, result), program);
  };

  return {
    async where() {
      return (await ask(['where'], Where)).dir;
    },
    ready({ withTexts = false } = {}) {
      const asked = ['query', 'ready'];
      if (!withTexts) return ask(asked, IssueList);
      return withLongTexts(
        () => ask([...asked, '--fields', FIELDS_WITH_TEXTS], IssueList),
        () => ask(asked, IssueList),
        (calls) => inParts(calls, (part) => batch(part, [])),
      );
    },
    inState(state) {
      return ask(['query', 'state', state], IssueList);
    },
    call: async (calls) => (calls.length === 0 ? [] : inParts(calls, (part) => batch(part, []))),
    callTogether: async (calls) => (calls.length === 0 ? [] : batch(calls, ['--atomic'])),
  };
}

/** Whatever is quoted from the answer later on, no token is in it. */
function withoutTokens(calls: readonly TrackerCall[], result: ProgramResult): ProgramResult {
  const hide = (text: string): string =>
    calls.reduce(
      (rest, call) => ('token' in call ? rest.replaceAll(call.token, '[token]') : rest),
      text,
    );
  return { ...result, stdout: hide(result.stdout), stderr: hide(result.stderr) };
}

function readAnswers(
  calls: readonly TrackerCall[],
  result: ProgramResult,
  program: TrackerProgram,
): TrackerAnswer[] {
  const lines = result.stdout.split('\n').filter((line) => line.trim() !== '');
  const documents = lines.map(parseJson);
  // Not one answer: the batch as a whole failed. What it did first, if anything, is seen later.
  if (!BatchLine.safeParse(documents[0]).success)
    throw failureOf('batch', result, { document: documents[0], program });
  // The tracker as a whole is away: that says nothing about any issue.
  const away = documents.find((document) => isAway(document));
  if (away !== undefined)
    throw failureOf('batch', { ...result, exit: AWAY_EXIT }, { document: away, program });
  // Nobody knows which of them are the answers. What was claimed is asked for again, with the same tokens.
  if (lines.length > calls.length)
    throw trackerError(
      'TRACKER_GARBAGE',
      `\`jit batch\` printed more than its ${calls.length} answers: ${excerpt(lines[calls.length] ?? '')}`,
      { hint: 'run it by hand; only jit itself may write to its stdout' },
    );
  return calls.map((call, index) => readAnswer(call, documents[index], lines[index] ?? ''));
}

const AWAY_EXIT = 3;

function isAway(document: unknown): boolean {
  const failure = Failure.safeParse(document);
  return failure.success && failure.data.error.code === 'NOT_A_TRACKER';
}

/** A full disk: the change is durable, and the tracker could not finish the files. */
const WRITE_PENDING = 'WRITE_PENDING';

function readAnswer(call: TrackerCall, document: unknown, printed: string): TrackerAnswer {
  const line = BatchLine.safeParse(document);
  if (!line.success)
    return { is: 'unknown', message: `jit batch answered with ${excerpt(printed)}` };
  if ('error' in line.data && line.data.exit !== 0) {
    const { code, message, retryable } = line.data.error as z.infer<typeof Failure>['error'];
    // It is decided and done: asked again, the tracker says what came of it.
    if (code === WRITE_PENDING) return { is: 'unknown', message };
    return { is: 'refused', exit: line.data.exit, code, message, retryable };
  }
  const answer = answerSchema(call).safeParse(line.data.result);
  if (answer.success) return { is: 'ok', ...answer.data, result: line.data.result };
  return { is: 'unknown', message: `jit ${call.do}: ${mismatch(answer.error)}` };
}

function conform<T>(called: string, document: unknown, schema: z.ZodType<T>, printed: string): T {
  const checked = schema.safeParse(document);
  if (checked.success) return checked.data;
  const isJson = document !== undefined;
  throw trackerError(
    'TRACKER_GARBAGE',
    isJson
      ? `\`jit ${called}\` printed JSON of another shape: ${mismatch(checked.error)}`
      : `\`jit ${called}\` printed something else than JSON: ${excerpt(printed)}`,
    { hint: 'run it by hand; only jit itself may write to its stdout', printed },
  );
}

function failureOf(
  called: string,
  result: ProgramResult,
  { document, program }: { document: unknown; program: TrackerProgram },
): Error {
  const failure = Failure.safeParse(document);
  const { exit, stdout, stderr } = result;
  if (failure.success) {
    const { code, message, retryable } = failure.data.error;
    return trackerError('TRACKER_FAILED', `\`jit ${called}\` failed (exit ${exit}): ${message}`, {
      hint: `see \`${byHand(called, program)}\``,
      printed: stdout,
      exit,
      trackerCode: code,
      retryable,
    });
  }
  const printed = stdout.trim() === '' ? stderr : stdout;
  const code = exit === 0 ? 'TRACKER_GARBAGE' : 'TRACKER_FAILED';
  const how = exit === 0 ? 'printed something else than JSON' : `ended with exit ${exit}`;
  return trackerError(code, `\`jit ${called}\` ${how}: ${excerpt(printed)}`, {
    hint: 'run it by hand to see what happens',
    printed,
    exit,
  });
}

/** The same call for people, about the same repository wherever they are. */
function byHand(called: string, { suffix, env }: TrackerProgram): string {
  const dir = env.JIT_DIR === undefined ? suffix : ['--dir', env.JIT_DIR];
  return ['jit', called, ...dir.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mismatch(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'no reason given' : `${issue.path.join('.')}: ${issue.message}`;
}
