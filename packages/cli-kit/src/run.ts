import { exitCodeOf, JitError } from '@jit/contract/errors';
import { answerAside } from './answer-aside.ts';
import type { CliOptions } from './cli-options.ts';
import { outputGlobals, scanOutputFlags } from './globals.ts';
import type { OptionSpecs } from './option-spec.ts';
import { createPrinter } from './print.ts';
import { runCommand } from './run-command.ts';

export type { CliOptions } from './cli-options.ts';
export { executeLine } from './execute-line.ts';

/**
 * Runs a program: argv → command → context → data → output. The only catch-all: a JitError becomes
 * its exit code, anything else thrown is a bug.
 * @returns the exit code
 */
export async function runCli<C, const G extends OptionSpecs>(
  options: CliOptions<C, G>,
): Promise<number> {
  const { argv, io } = options;
  const { json, color } = scanOutputFlags(argv);
  const colour = color === undefined ? io.colour : { out: color, err: color };
  const printer = createPrinter(io, { json, colour });
  const warnings: string[] = [];
  let exit = 0;
  try {
    const facts = { ...options, globals: { ...outputGlobals, ...options.globals } };
    const aside = await answerAside(argv, facts, io.outIsTty ? io.columns : 80);
    if (aside === undefined) {
      const warn = (message: string) => {
        // What was said of one thing need not be said of the next.
        if (!warnings.includes(message)) warnings.push(message);
      };
      exit = await runCommand(options, { printer, json, colour: colour.out, warn });
    } else {
      await (json ? printer.json(aside.data) : printer.text(aside.text));
    }
  } catch (error) {
    exit = exitCodeOf(error instanceof JitError ? error.kind : 'bug');
    // A stdout that cannot be written must not hide what happened.
    await printer.error(error).catch(() => createPrinter(io, { json: false, colour }).error(error));
  }
  await printer.warnings(warnings);
  return exit;
}
