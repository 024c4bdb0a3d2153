import { isAbsolute, normalize, sep } from 'node:path';
import { usageError } from '@jit/contract/errors';
import type { Checker } from '../../domain/gate.ts';
import { CHECKER_TIMEOUT_SECS, DEFAULT_CHECKER_TIMEOUT_SECS } from '../../domain/gate.ts';

/** How long a checker may run. */
export const timeoutOption = {
  type: 'number',
  min: CHECKER_TIMEOUT_SECS.min,
  max: CHECKER_TIMEOUT_SECS.max,
  placeholder: 'SECS',
  describe: `end the command after SECS seconds; ${DEFAULT_CHECKER_TIMEOUT_SECS} unless said otherwise`,
} as const;

/** The options that say what a checker runs. */
export const checkerOptions = {
  command: { type: 'string', describe: 'what sh -c runs to decide the gate: exit 0 passes it' },
  timeout: timeoutOption,
  'working-dir': {
    type: 'string',
    placeholder: 'DIR',
    describe: 'where it runs, relative to the root of the worktree',
  },
  env: { type: 'list', placeholder: 'NAME=VALUE', describe: 'a variable for its environment' },
} as const;

/** The parsed form of these options. */
export interface CheckerArgs {
  readonly command: string | undefined;
  readonly timeout: number | undefined;
  readonly workingDir: string | undefined;
  readonly env: readonly string[];
}

/** True if any of them is given. */
export function hasCheckerArgs({ command, timeout, workingDir, env }: CheckerArgs): boolean {
  return [command, timeout, workingDir].some((value) => value !== undefined) || env.length > 0;
}

/** A checker without anything special. */
export const PLAIN = {
  timeout_secs: DEFAULT_CHECKER_TIMEOUT_SECS,
  working_dir: null,
  env: {},
} as const;

/** The parts that were given, over those that stay. Errors: USAGE. */
export function checkerFrom(
  args: CheckerArgs,
  rest: Omit<Checker, 'command'>,
): Omit<Checker, 'command'> {
  return {
    timeout_secs: args.timeout ?? rest.timeout_secs,
    working_dir: args.workingDir === undefined ? rest.working_dir : folderOf(args.workingDir),
    env: { ...rest.env, ...variablesOf(args.env) },
  };
}

/** Links are looked at when it runs. */
function folderOf(text: string): string {
  const folder = normalize(text).replace(/\/+$/, '');
  if (isAbsolute(text) || folder === '..' || folder.startsWith(`..${sep}`)) {
    throw usageError(`--working-dir ${text} leaves the worktree`, {
      hint: 'Name a folder below the root of the worktree.',
    });
  }
  return folder;
}

function variablesOf(words: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw usageError(`--env ${word} is not NAME=VALUE`);
    if (name.startsWith('JIT_')) throw usageError(`--env ${name}: names with JIT_ are set by jit`);
    if (Object.hasOwn(variables, name)) throw usageError(`--env ${name} is given twice`);
    variables[name] = word.slice(at + 1);
  }
  return variables;
}
