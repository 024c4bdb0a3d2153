import type { Style } from '@jit/cli-kit/style';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { ago } from './ago.ts';
import { oneLine } from './one-line.ts';
import {
  agentTable,
  escalatedTable,
  runTable,
  type StatusText,
  waitTable,
  workspaceTable,
} from './status-tables.ts';

const LABEL = 12;
const NARROWEST = 20;

/**
 * The status for people: what the dispatcher does, what its agents do, what runs, what waits and what
 * asks for a person. On a terminal times are told as distances and long lists are cut, with a count of
 * the rest; elsewhere everything is there, with times in RFC 3339.
 */
export async function renderStatus(status: DispatcherStatusOutput, style: Style): Promise<string> {
  const text: StatusText = {
    style,
    isWide: style.columns >= 60,
    hasRepositories: status.repositories.length > 1,
    when: (time) => (style.isTty ? ago(time, status.at) : time),
  };
  const blocks = [
    await headOf(status, text),
    await agentTable(status, text),
    await runTable(status, text),
    await waitTable(status, text),
    await escalatedTable(status, text),
    await workspaceTable(status, text),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

async function headOf(status: DispatcherStatusOutput, text: StatusText): Promise<string> {
  const { style, when } = text;
  const { name, paused, config_error, last_error, rebuilt, repositories } = status;
  const past = (time: string) => (style.isTty ? `${when(time)} ago` : when(time));
  const said = (word: string, each: { at: string; message: string } | null): Line[] =>
    each === null ? [] : [[word, `${past(each.at)}: ${oneLine(each.message)}`, style.red]];
  const lines: Line[] = [
    ['dispatcher', `${style.bold(oneLine(name))}  ${daemonWords(status, text)}`],
    ...(paused === null ? [] : [['paused', holdWords(paused, text), style.yellow] as const]),
    ...otherHolds(status).map((hold): Line => ['held', holdWords(hold, text), style.yellow]),
    ...trackerLines(status, style),
    ...(text.hasRepositories
      ? repositories.flatMap((each) => said('last error', prefixed(each.name, each.last_error)))
      : said('last error', last_error)),
    ...said('config', config_error && refused(config_error)),
    ...said('rebuilt', rebuilt),
  ];
  const wrapped = await Promise.all(lines.map((line) => wrappedLine(line, style)));
  return wrapped.join('\n');
}

type Line = readonly [label: string, words: string, dress?: (words: string) => string];

function refused({ at, message }: { at: string; message: string }): {
  at: string;
  message: string;
} {
  return { at, message: `not used, the last good one is: ${message}` };
}

function prefixed<T extends { message: string }>(name: string, said: T | null): T | null {
  return said && { ...said, message: `${name}: ${said.message}` };
}

function daemonWords({ daemon }: DispatcherStatusOutput, { style, when }: StatusText): string {
  if (daemon === null) return 'no daemon';
  const { phase, pid, since } = daemon;
  const time = style.isTty ? `for ${when(since)}` : `since ${since}`;
  const words = `${phase}, pid ${pid} ${time}`;
  return phase === 'running' ? words : style.yellow(words);
}

function otherHolds({ holds }: DispatcherStatusOutput): DispatcherStatusOutput['holds'] {
  // That of an agent is shown with the agent.
  return holds.filter(({ scope }) => scope !== '*' && !scope.startsWith('agent:'));
}

function holdWords(
  { scope, who, reason, since, until }: DispatcherStatusOutput['holds'][number],
  { style, when }: StatusText,
): string {
  const time = style.isTty ? `${when(since)} ago` : `since ${since}`;
  const end = until === null ? '' : ` until ${style.isTty ? `in ${when(until)}` : until}`;
  const what = scope === '*' ? '' : `${scope} `;
  return oneLine(`${what}${time} by ${who}${end}: ${reason}`);
}

function trackerLines({ repositories }: DispatcherStatusOutput, style: Style): Line[] {
  return repositories.map(({ name, tracker, running, waiting }): Line => {
    const which = name === '' ? '' : `${name}: `;
    const facts = [
      tracker.ok ? `${tracker.ready} ready` : oneLine(tracker.error ?? 'failed'),
      ...(running === 0 ? [] : [`${running} running`]),
      ...(waiting === 0 ? [] : [`${waiting} waiting`]),
    ];
    const words = which + facts.join(', ');
    return tracker.ok ? ['tracker', words] : ['tracker', words, style.red];
  });
}

/** On a terminal between words, so that nothing that failed is cut; elsewhere one line. */
async function wrappedLine([label, words, dress]: Line, style: Style): Promise<string> {
  const same = (line: string) => line;
  const paint = dress ?? same;
  if (!style.isTty) return `${label.padEnd(LABEL)}${paint(words)}`;
  const { displayWidth } = await import('@jit/cli-kit/table');
  const width = Math.max(NARROWEST, style.columns - LABEL);
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    if (line !== '' && displayWidth(`${line} ${word}`) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines
    .map((each, at) => `${(at === 0 ? label : '').padEnd(LABEL)}${paint(each)}`)
    .join('\n');
}
