import type { HealthCheck } from '../config/operating.ts';
import { startHook } from './hook-program.ts';
import { shortWords } from './short-words.ts';

/** What one check said. */
export interface HealthAnswer {
  readonly isWell: boolean;
  /** One line for people, without secrets. */
  readonly detail: string;
}

/** A check under way. */
export interface HealthQuestion {
  /** Never rejects. */
  readonly answer: Promise<HealthAnswer>;
  /** Ends it at once. */
  cancel(): void;
}

/** Where a check runs. */
export interface HealthPlace {
  readonly cwd: string;
  /** What a command is given. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A check that prints more is no answer. */
const OUTPUT_LIMIT = 64 * 1024;

/**
 * Asks once whether an agent is well: its command ends with 0, or its address answers 2xx, within the
 * limit. All else is no. A command runs without a shell, in a group of its own, killed at the limit.
 */
export function askHealth(check: HealthCheck, place: HealthPlace): HealthQuestion {
  const question = check.argv === null ? askUrl(check) : askCommand(check, check.argv, place);
  return {
    answer: question.answer.then(({ isWell, detail }) => ({
      isWell,
      detail: shortWords(detail, place.environment),
    })),
    cancel: question.cancel,
  };
}

function askCommand(
  { timeoutSecs }: HealthCheck,
  argv: readonly string[],
  { cwd, environment }: HealthPlace,
): HealthQuestion {
  const hook = startHook({
    argv,
    cwd,
    environment,
    input: '',
    timeoutMs: timeoutSecs * 1000,
    outputLimit: OUTPUT_LIMIT,
  });
  return {
    answer: hook.ended.then((problem) => ({
      isWell: problem === null,
      detail: problem ?? 'exit 0',
    })),
    cancel: () => hook.kill('was stopped'),
  };
}

function askUrl({ url, timeoutSecs }: HealthCheck): HealthQuestion {
  const stop = new AbortController();
  const limit = AbortSignal.timeout(timeoutSecs * 1000);
  const signal = AbortSignal.any([stop.signal, limit]);
  const ask = async (): Promise<HealthAnswer> => {
    try {
      // Where it leads to elsewhere, that is no answer of the agent's.
      const response = await fetch(url ?? '', { signal, redirect: 'manual' });
      await response.body?.cancel();
      return { isWell: response.ok, detail: `answered ${response.status}` };
    } catch (error) {
      if (limit.aborted) return { isWell: false, detail: `did not answer within ${timeoutSecs} s` };
      return { isWell: false, detail: `could not be asked: ${causeOf(error)}` };
    }
  };
  return { answer: ask(), cancel: () => stop.abort() };
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown }; message?: unknown };
  return String(cause?.code ?? message ?? error);
}
