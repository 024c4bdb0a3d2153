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
  const outIsTty = forced !== undefined || process.stdout.isTTY === true;
  // stderr costs start-up time and most commands never write to it.
  const errIsTty = () => forced !== undefined || process.stderr.isTTY === true;
  return {
    stdin: () => process.stdin,
    out: writerTo(() => process.stdout),
    err: writerTo(() => process.stderr),
    outIsTty,
    get errIsTty() {
      return errIsTty();
    },
    get stdinIsTty() {
      return process.stdin.isTTY === true;
    },
    columns: forced ?? positive(env.COLUMNS) ?? positive(process.stdout.columns) ?? 80,
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

function writerTo(open: () => NodeJS.WriteStream): (text: string) => Promise<void> {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    if (stream === undefined) {
      stream = open();
      // The callback of write tells; without a listener the event would end the process.
      stream.on('error', () => {});
    }
    const target = stream;
    return new Promise((resolve, reject) => {
      target.write(text, (error) => (error ? reject(error) : resolve()));
    });
  };
}
