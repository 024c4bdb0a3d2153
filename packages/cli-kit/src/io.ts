import { fstatSync, writeSync } from 'node:fs';
import { type Env, wantsColour } from './colour.ts';

/** Everything a program sees of the process it runs in. */
export interface Io {
  /** Opens stdin; nothing is read before. */
  stdin(): AsyncIterable<Uint8Array>;
  /** Resolves when the text has left the process; rejects with the system's error. */
  out(text: string): Promise<void>;
  err(text: string): Promise<void>;
  readonly outIsTty: boolean;
  readonly errIsTty: boolean;
  readonly stdinIsTty: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
  readonly env: Env;
  /** What the environment says about colour; flags may say otherwise. */
  readonly colour: { readonly out: boolean; readonly err: boolean };
}

/** An Io that collects what is written, for tests. */
export interface MemoryIo extends Io {
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test wants its Io to be; by default an empty stdin, pipes and no environment. */
export interface MemoryIoOptions {
  readonly stdin?: string | Uint8Array;
  /** True: stdout and stderr are terminals. Stdin never is unless `stdinIsTty`. */
  readonly tty?: boolean;
  readonly stdinIsTty?: boolean;
  readonly columns?: number;
  readonly env?: Env;
}

/**
 * The Io of this process; the only place that touches its streams. Streams are opened when they are
 * first used. `JIT_FORCE_TTY=<columns>` makes stdout and stderr pass for a terminal of that width.
 */
export function processIo(): Io {
  const { env } = process;
  const forced = positive(env.JIT_FORCE_TTY);
  const outIsTty = forced !== undefined || (isDevice(1) && process.stdout.isTTY === true);
  // stderr costs start-up time and most commands never write to it.
  const errIsTty = () => forced !== undefined || (isDevice(2) && process.stderr.isTTY === true);
  return {
    stdin: () => process.stdin,
    out: writerTo(1, () => process.stdout),
    err: writerTo(2, () => process.stderr),
    outIsTty,
    get errIsTty() {
      return errIsTty();
    },
    get stdinIsTty() {
      return process.stdin.isTTY === true;
    },
    columns:
      forced ??
      positive(env.COLUMNS) ??
      (outIsTty ? positive(process.stdout.columns) : undefined) ??
      80,
    env,
    colour: {
      out: wantsColour(env, outIsTty),
      get err() {
        return wantsColour(env, errIsTty());
      },
    },
  };
}

/** An Io without a process. */
export function memoryIo(options: MemoryIoOptions = {}): MemoryIo {
  const { stdin = '', tty = false, stdinIsTty = false, columns = 80, env = {} } = options;
  const written = { out: '', err: '' };
  return {
    async *stdin() {
      yield typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin;
    },
    async out(text) {
      written.out += text;
    },
    async err(text) {
      written.err += text;
    },
    outIsTty: tty,
    errIsTty: tty,
    stdinIsTty,
    columns,
    env,
    colour: { out: wantsColour(env, tty), err: wantsColour(env, tty) },
    get stdout() {
      return written.out;
    },
    get stderr() {
      return written.err;
    },
  };
}

function positive(text: string | number | undefined): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Asking the stream loads the network and terminal modules of Node; only a device can be a terminal. */
function isDevice(fd: number): boolean {
  try {
    // Only a stat in big integers leaves alone what Node 20 keeps of the last other one: after that of a
    // pipe its realpath stops at the first known folder, and packages behind links are not found.
    return fstatSync(fd, { bigint: true }).isCharacterDevice();
  } catch {
    return false;
  }
}

/** What an empty pipe takes at once, in bytes. */
const PIPE_CAPACITY = 65_536;

/**
 * A short first text goes straight to the descriptor, which needs no stream; it can't block, an empty
 * pipe takes it whole. Everything else goes through the stream.
 */
function writerTo(fd: number, open: () => NodeJS.WriteStream): (text: string) => Promise<void> {
  let stream: NodeJS.WriteStream | undefined;
  let isFirst = true;
  return async (text) => {
    const rest = isFirst ? writeAtOnce(fd, text) : text;
    isFirst = false;
    if (rest.length === 0) return;
    if (stream === undefined) {
      stream = open();
      // The callback of write tells; without a listener the event would end the process.
      stream.on('error', () => {});
    }
    const target = stream;
    await new Promise<void>((resolve, reject) => {
      target.write(rest, (error) => (error ? reject(error) : resolve()));
    });
  };
}

/** Writes what goes out at once and returns what does not. Errors: those of the system, such as EPIPE. */
function writeAtOnce(fd: number, text: string): string | Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > PIPE_CAPACITY) return text;
  try {
    return bytes.subarray(writeSync(fd, bytes));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return text;
    throw error;
  }
}
