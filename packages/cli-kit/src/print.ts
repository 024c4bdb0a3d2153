import { JitError, toErrorObject } from '@jit/contract/errors';
import { harmless, harmlessJson } from './harmless.ts';
import type { Io } from './io.ts';
import { createStyle } from './style.ts';

/** How a program's answer is printed. */
export interface PrintOptions {
  readonly json: boolean;
  readonly colour: { readonly out: boolean; readonly err: boolean };
}

/**
 * The only writer to stdout and stderr. Every method resolves when the text has left the process;
 * one to stdout tells whether someone still reads. A reader that went away (`| head -1`) is no
 * error.
 */
export interface Printer {
  /** One JSON document: indented on a terminal, else on one line. */
  json(value: unknown): Promise<boolean>;
  /** One JSON document on one line. */
  jsonLine(value: unknown): Promise<boolean>;
  /** Text for people, ended by a newline; nothing when it is empty. */
  text(text: string): Promise<boolean>;
  /** The same on a terminal that is cleared first. */
  picture(text: string): Promise<boolean>;
  /** `warning: …` on stderr, a line each. */
  warnings(messages: readonly string[]): Promise<void>;
  /** The error document on stdout with `--json`, else text on stderr; of a bug also the stack. */
  error(error: unknown): Promise<void>;
}

/** Puts the cursor into the first column of the first line and clears the terminal. */
const CLEAR = '\u001b[H\u001b[2J';

/** A printer for one run of a program. */
export function createPrinter(io: Io, { json, colour }: PrintOptions): Printer {
  const errStyle = () =>
    createStyle({ colour: colour.err, columns: io.columns, isTty: io.errIsTty });
  // Data may hold sequences that act on a terminal; none of them is to reach one.
  const complain = (text: string) => send(io.err, harmless(text, colour.err), 'stderr');
  const printer: Printer = {
    json: (value) => send(io.out, `${harmlessJson(value, io.outIsTty ? 2 : 0)}\n`, 'stdout'),
    jsonLine: (value) => send(io.out, `${harmlessJson(value)}\n`, 'stdout'),
    text: (text) => send(io.out, ended(harmless(text, colour.out)), 'stdout'),
    picture: (text) => send(io.out, `${CLEAR}${ended(harmless(text, colour.out))}`, 'stdout'),
    async warnings(messages) {
      if (messages.length === 0) return;
      const { yellow } = await errStyle();
      const lines = messages.map((message) => `${yellow('warning:')} ${message}\n`);
      await complain(lines.join(''));
    },
    async error(error) {
      const stack = stackOfBug(error);
      if (json) {
        await printer.json(toErrorObject(error));
        await complain(ended(stack));
      } else {
        const { red } = await errStyle();
        const { message, hint } = toErrorObject(error).error;
        const lines = [`${red('error:')} ${message}`];
        if (error instanceof JitError && error.excerpt) lines.push(error.excerpt);
        if (hint !== null) lines.push(`hint: ${hint}`);
        await complain(ended(`${lines.join('\n')}\n${stack}`));
      }
    },
  };
  return printer;
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function stackOfBug(error: unknown): string {
  if (error instanceof JitError) return '';
  return error instanceof Error ? (error.stack ?? '') : '';
}

async function send(
  write: (text: string) => Promise<void>,
  text: string,
  stream: 'stdout' | 'stderr',
): Promise<boolean> {
  if (text === '') return true;
  try {
    await write(text);
    return true;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return false;
    // There is nothing left to say it to.
    if (stream === 'stderr') return false;
    throw new JitError('external', 'OUTPUT_FAILED', `cannot write to ${stream}: ${code}`, {
      cause,
    });
  }
}
