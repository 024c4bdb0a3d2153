import type { Log } from '../../src/daemon/log.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** One thing that happened, for people. */
export interface Happening {
  /** Milliseconds since the beginning. */
  readonly atMs: number;
  readonly event: string;
  readonly issue: string;
  readonly agent: string;
  readonly message: string;
}

/** What happened in a simulation, a line each, with the simulated time. */
export interface TimeLine {
  /** The log of the dispatcher. */
  readonly log: Log;
  /** Shows an id under a name. */
  name(id: string, name: string): void;
  nameOf(id: string): string;
  /** Notes what no dispatcher says. */
  note(
    event: string,
    about: { readonly issue?: string; readonly agent?: string },
    message: string,
  ): void;
  happened(event: string, issue?: string): Happening[];
  all(): readonly Happening[];
  text(): string;
}

/** An empty time line. */
export function createTimeLine(clock: SimulatedClock): TimeLine {
  const names = new Map<string, string>();
  const all: Happening[] = [];
  const named = (text: string): string => {
    let rest = text;
    for (const [id, name] of names) rest = rest.replaceAll(id, name);
    return rest;
  };
  const note: TimeLine['note'] = (event, { issue = '', agent = '' }, message) =>
    void all.push({
      atMs: clock.elapsedMs,
      event,
      issue: named(issue),
      agent,
      message: named(message),
    });
  return {
    log: ({ event, issue, agent, message }) =>
      note(event, { ...(issue && { issue }), ...(agent && { agent }) }, message),
    note,
    name: (id, name) => void names.set(id, name),
    nameOf: (id) => names.get(id) ?? id,
    happened: (event, issue) =>
      all.filter((each) => each.event === event && (issue === undefined || each.issue === issue)),
    all: () => all,
    text: () => all.map((each) => `${line(each)}\n`).join(''),
  };
}

function line({ atMs, event, issue, agent, message }: Happening): string {
  return [clockTime(atMs), event.padEnd(9), issue.padEnd(8), agent.padEnd(6), message]
    .join(' ')
    .trimEnd();
}

/** Hours, minutes, seconds and milliseconds. */
export function clockTime(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(Math.floor(ms % 1000)).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${rest}`;
}
