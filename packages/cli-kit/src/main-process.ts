import { JitError } from '@jit/contract/errors';
import { processIo } from './io.ts';
import { lifecycleOf } from './lifecycle.ts';
import type { OptionSpecs } from './option-spec.ts';
import { type CliOptions, runCli } from './run.ts';

/** A program, without what its process supplies. */
export type MainOptions<C, G extends OptionSpecs> = Omit<
  CliOptions<C, G>,
  'argv' | 'io' | 'interrupted' | 'onContext'
>;

/** Milliseconds an interrupted program has for closing and reporting. */
const GRACE = 1000;
/** Milliseconds it has afterwards to end by itself. */
const LINGER = 30;

/**
 * The edge of the process: runs the program on this process's argv and streams and sets its exit
 * code. On the first SIGINT or SIGTERM the command ends with exit 130, unless its context has
 * `interrupt`, which is then called instead. Without it, what does not end then because a timer or a
 * child still keeps it alive dies of SIGINT, which shells count as 130 too.
 */
export async function runMain<C, const G extends OptionSpecs>(
  options: MainOptions<C, G>,
): Promise<void> {
  // Should everything stop before there is an answer, that is no success.
  process.exitCode = 1;
  let context: unknown;
  let interrupt: (reason: JitError) => void = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = reject;
  });
  // Nobody may be waiting when the signal comes.
  interrupted.catch(() => {});

  let times = 0;
  const onSignal = () => {
    times += 1;
    const lifecycle = lifecycleOf(context);
    if (lifecycle.interrupt !== undefined && times < 3) {
      lifecycle.interrupt(times);
    } else if (times === 1) {
      process.exitCode = 130;
      interrupt(new JitError('interrupted', 'INTERRUPTED', 'interrupted', { retryable: true }));
      setTimeout(die, GRACE).unref();
    } else {
      die();
    }
  };
  const die = () => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    process.kill(process.pid, 'SIGINT');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const exit = await runCli({
    ...options,
    argv: process.argv.slice(2),
    io: processIo(),
    interrupted,
    onContext(created) {
      context = created;
    },
  });
  process.exitCode = exit;
  // A context that handles the signal itself also ends by itself.
  if (times === 0 || lifecycleOf(context).interrupt !== undefined) return;
  // An open stdin that nobody reads to its end would keep the process alive.
  process.stdin.destroy();
  setTimeout(die, LINGER).unref();
}
