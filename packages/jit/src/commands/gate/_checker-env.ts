import { JitError } from '@jit/contract/errors';
import type { PlannedRun } from '../../domain/gate-run.ts';
import { withoutHookEnv } from '../../platform/git-worktree.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Names the runs that a checker is part of, `ISSUE/GATE`, separated by blanks. */
const RUNNING = 'JIT_GATE_RUNS';

/**
 * What a checker finds in its environment: that of its caller and of its definition, and what it is run
 * for. A claim stays only if it is for this issue; a surrounding git hook is not passed on, the working
 * directory says which repository is meant.
 */
export function checkerEnv(
  env: Env,
  { issue, gate }: PlannedRun,
  dir: string,
): Record<string, string | undefined> {
  const { JIT_CLAIM, ...rest } = withoutHookEnv(env);
  const claim = JIT_CLAIM !== undefined && env.JIT_ISSUE_ID === issue ? { JIT_CLAIM } : {};
  return {
    ...rest,
    ...gate.checker.env,
    ...claim,
    JIT_ISSUE_ID: issue,
    JIT_GATE_KEY: gate.key,
    JIT_DIR: dir,
    [RUNNING]: [env[RUNNING], nameOf(issue, gate.key)].filter(Boolean).join(' '),
  };
}

/** Refuses a checker that runs itself, also by way of others. Errors: GATE_RUN_RECURSION (4). */
export function refuseRecursion(env: Env, plan: readonly PlannedRun[]): void {
  const running = (env[RUNNING] ?? '').split(' ');
  const again = plan.find(({ issue, gate }) => running.includes(nameOf(issue, gate.key)));
  if (again === undefined) return;
  const { issue, gate } = again;
  throw new JitError(
    'invalid',
    'GATE_RUN_RECURSION',
    `the checker of gate ${gate.key} of ${issue} is running: it can't be run by itself`,
    {
      hint: 'Let the checker do the work, and not call jit gate run for its own gate.',
      details: { issue, gate: gate.key },
    },
  );
}

function nameOf(issue: string, gate: string): string {
  return `${issue}/${gate}`;
}
