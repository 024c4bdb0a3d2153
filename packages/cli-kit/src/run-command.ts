import { exitCodeOf, usageError } from '@jit/contract/errors';
import type { CliOptions, ContextTools } from './cli-options.ts';
import { outputGlobals } from './globals.ts';
import { closing } from './lifecycle.ts';
import type { InferredOptions, OptionSpecs } from './option-spec.ts';
import { prepareCommand } from './prepare-command.ts';
import type { Printer } from './print.ts';
import { isIterable, printStream } from './print-stream.ts';
import { createStyle } from './style.ts';

/** How the answer of a command leaves the process. */
export interface Output extends ContextTools {
  readonly printer: Printer;
  readonly json: boolean;
  readonly colour: boolean;
}

/**
 * Runs the command argv calls and prints its answer, after its context is closed.
 * @returns the exit code
 * @throws whatever parsing, context or command throw
 */
export async function runCommand<C, G extends OptionSpecs>(
  options: CliOptions<C, G>,
  { printer, json, colour, warn }: Output,
): Promise<number> {
  const { io, interrupted } = options;
  const until = <T>(work: Promise<T>): Promise<T> =>
    interrupted === undefined ? work : Promise.race([work, interrupted]);

  const { command, args, globals } = await until(prepare(options));
  const context = await until(Promise.resolve(options.createContext(globals, io, { warn })));
  options.onContext?.(context);

  const emit = async (item: unknown, printJson: Printer['json']) => {
    if (json) return printJson(item);
    const style = await createStyle({ colour, columns: io.columns, isTty: io.outIsTty });
    const text = await command.render(item, style);
    const isPicture = command.redraws === true && io.outIsTty && printJson === printer.jsonLine;
    return isPicture ? printer.picture(text) : printer.text(text);
  };
  const exitOf = (item: unknown) => {
    const kind = command.exit?.(item) ?? null;
    return kind === null ? 0 : exitCodeOf(kind);
  };
  const answer = await closing(context, async () => {
    const data = await until(Promise.resolve(command.run(context, args)));
    if (command.stream === undefined) return { data };
    const isStream = isIterable(data);
    if (!isStream && command.stream === 'lines-if-iterable') return { data };
    if (!isStream) throw new Error('a command with stream: lines must return an AsyncIterable');
    const emitLine = (item: unknown) => emit(item, printer.jsonLine);
    return { exit: await printStream(data, { until, emit: emitLine, exitOf }) };
  });
  if ('exit' in answer) return answer.exit;
  await emit(answer.data, printer.json);
  return exitOf(answer.data);
}

async function prepare<C, G extends OptionSpecs>(options: CliOptions<C, G>) {
  const { argv, io, name: program, commands } = options;
  const globals = { ...outputGlobals, ...options.globals };
  const prepared = await prepareCommand(argv, { program, commands, globals, input: io });
  if (prepared.globals.color && prepared.globals.noColor) {
    throw usageError('--color and --no-color contradict each other');
  }
  // The cast: parse gives each declared global the type that its spec declares.
  return { ...prepared, globals: prepared.globals as unknown as InferredOptions<G> };
}
