import { oneLine } from '../views/one-line.ts';

/** One thing that was decided or happened. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  /** A stable word: start, wait, running, settled, lost, error, … */
  readonly event: string;
  readonly message: string;
  /** Where there are several. */
  readonly repository?: string;
  readonly issue?: string;
  readonly agent?: string;
  readonly run?: string;
  readonly reason?: string;
}

/** Where the dispatcher says what it does: a line each. */
export type Log = (entry: LogEntry) => void;

/** The log as lines of text or of JSON. */
export function createLog(
  format: 'text' | 'json',
  { now, write }: { now: () => Date; write: (text: string) => void },
): Log {
  return (entry) => {
    const at = now().toISOString();
    write(`${format === 'json' ? JSON.stringify({ at, ...entry }) : textLine(at, entry)}\n`);
  };
}

function textLine(
  at: string,
  { level, event, message, repository, issue, agent, run, reason }: LogEntry,
): string {
  const facts = Object.entries({ repository, issue, agent, run, reason }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${value}`]),
  );
  const mark = level === 'info' ? [] : [level];
  return [at, event.padEnd(9), ...mark, ...facts, oneLine(message)].join(' ');
}

/** A log of one repository among several; an empty name is no name. */
export function logOf(repository: string, log: Log): Log {
  return repository === '' ? log : (entry) => log({ repository, ...entry });
}
