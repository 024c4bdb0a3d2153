import type { CliOptions } from '@jit/cli-kit/cli-options';
import { memoryIo } from '@jit/cli-kit/io';
import type { OptionSpecs } from '@jit/cli-kit/option-spec';
import { runCli } from '@jit/cli-kit/run';

/** A program, without argv and streams. */
export type Program<C, G extends OptionSpecs> = Omit<CliOptions<C, G>, 'argv' | 'io'>;

/** What a call is run with besides its argv. */
export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
}

/** What became of a call. */
export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in this process: the same as from a shell, but without one. */
export async function runInProcess<C, const G extends OptionSpecs>(
  program: Program<C, G>,
  argv: readonly string[],
  { env = {}, stdin = '' }: CallOptions = {},
): Promise<Ended> {
  const io = memoryIo({ env, stdin });
  const exit = await runCli({ ...program, argv, io });
  return { exit, stdout: io.stdout, stderr: io.stderr };
}

/** Splits a line as a shell does: words, and double or single quotes without escapes. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}
