import type { Style } from '@jit/cli-kit/style';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { oneLine } from './one-line.ts';

/** How the text of a status is made. */
export interface StatusText {
  readonly style: Style;
  /** Room for all columns. */
  readonly isWide: boolean;
  /** Several repositories: lists name that of each line. */
  readonly hasRepositories: boolean;
  /** A time for people, or in RFC 3339 where no terminal is. */
  when(time: string): string;
}

type Status = DispatcherStatusOutput;
type Run = Status['runs'][number];

/** So many lines of a list a person reads at a terminal. */
const SHOWN_RUNS = 15;
const SHOWN_OTHERS = 10;

/** A column of a list, and whether it is left out in a narrow terminal or without repositories. */
interface Column<T> {
  readonly head: string;
  readonly of: (row: T) => string;
  readonly isShown?: boolean;
}

const HEALTH_MARKS = { well: '●', trying: '◐', resting: '◌', unhealthy: '✗', paused: '‖' } as const;

/** What each agent does. */
export async function agentTable({ agents }: Status, text: StatusText): Promise<string> {
  const { style, isWide, when } = text;
  const healthWords = ({ health, resting_until, why }: Status['agents'][number]): string => {
    const mark = HEALTH_MARKS[health];
    if (health === 'well') return style.green(`${mark} well`);
    const until = resting_until === null ? '' : untilWords(resting_until);
    const words = oneLine(`${mark} ${health}${until}: ${why}`);
    return health === 'unhealthy' ? style.red(words) : style.yellow(words);
  };
  const untilWords = (time: string) => (style.isTty ? ` for ${when(time)}` : ` until ${time}`);
  const columns: Column<Status['agents'][number]>[] = [
    { head: 'AGENT', of: ({ id }) => id },
    {
      head: 'NAME',
      of: ({ title }) => oneLine(title ?? ''),
      isShown: agents.some(({ title }) => title !== null),
    },
    { head: 'RUNNING', of: ({ running, capacity }) => `${running}/${capacity}` },
    { head: 'CLAIMED', of: ({ claimed }) => String(claimed ?? '?'), isShown: isWide },
    { head: 'HEALTH', of: healthWords },
  ];
  return (await listOf(agents, columns, { style, most: agents.length })).table;
}

const RUN_MARKS: Readonly<Record<string, string>> = {
  created: '○',
  dispatched: '◌',
  running: '▸',
  idle: '◇',
};

/** What runs: those that ask for attention first, then the oldest. */
export async function runTable({ runs }: Status, text: StatusText): Promise<string> {
  if (runs.length === 0) return '';
  const { style, isWide, hasRepositories, when } = text;
  const columns: Column<Run>[] = [
    { head: 'RUN', of: ({ short }) => short },
    { head: 'STATE', of: (run) => stateWords(run, style) },
    { head: 'FOR', of: ({ started_at, created_at }) => when(started_at ?? created_at) },
    {
      head: 'SILENT',
      of: ({ silent_since, last_sign_at }) => {
        const since = silent_since ?? last_sign_at;
        return since === null ? '' : when(since);
      },
      isShown: isWide,
    },
    { head: 'REPOSITORY', of: ({ repository }) => repository, isShown: hasRepositories },
    { head: 'AGENT', of: ({ agent }) => agent, isShown: isWide },
    { head: 'ISSUE', of: ({ issue }) => issue, isShown: isWide },
    { head: 'TITLE', of: ({ title }) => oneLine(title) },
  ];
  const ordered = [...runs].sort((a, b) => attention(b) - attention(a));
  const { table, rest } = await listOf(ordered, columns, { style, most: SHOWN_RUNS });
  if (rest === 0) return table;
  const all = `${runs.length} in all: ${counted(runs.map(({ agent }) => agent))}`;
  return `${table}\n${await cutLine(`${all}; see jit-dispatch runs`, style)}`;
}

/** Silence counts most; the order of the others stays. */
function attention({ stall }: Run): number {
  return stall === null ? 0 : { warned: 1, notified: 2, stopped: 3 }[stall];
}

function stateWords({ state, stall }: Run, style: Style): string {
  if (stall !== null) return style.red('! silent');
  const words = `${RUN_MARKS[state] ?? '·'} ${state}`;
  return state === 'running' ? style.green(words) : words;
}

/** What waits, by reason, and the most urgent of it. */
export async function waitTable({ waiting }: Status, text: StatusText): Promise<string> {
  if (waiting.length === 0) return '';
  const { style, isWide, hasRepositories, when } = text;
  const columns: Column<Status['waiting'][number]>[] = [
    { head: 'WAITING', of: ({ issue }) => issue },
    { head: 'PRIORITY', of: ({ priority }) => priority, isShown: isWide },
    { head: 'FOR', of: ({ since }) => when(since) },
    { head: 'WHY', of: ({ reason }) => reason },
    { head: 'REPOSITORY', of: ({ repository }) => repository, isShown: hasRepositories },
    { head: 'TITLE', of: ({ title }) => oneLine(title) },
  ];
  const { table, rest } = await listOf(waiting, columns, { style, most: SHOWN_OTHERS });
  if (rest === 0) return table;
  const all = `${waiting.length} in all: ${counted(waiting.map(({ reason }) => reason))}`;
  return `${table}\n${await cutLine(all, style)}`;
}

/** Issues that a person has to look at. */
export async function escalatedTable({ escalated }: Status, text: StatusText): Promise<string> {
  if (escalated.length === 0) return '';
  const { style, hasRepositories, when } = text;
  const columns: Column<Status['escalated'][number]>[] = [
    { head: 'LOOK AT', of: ({ issue }) => style.yellow(issue) },
    { head: 'FOR', of: ({ since }) => when(since) },
    { head: 'WHY', of: ({ reason }) => reason },
    { head: 'REPOSITORY', of: ({ repository }) => repository, isShown: hasRepositories },
    { head: 'TITLE', of: ({ title }) => oneLine(title) },
  ];
  const { table, rest } = await listOf(escalated, columns, { style, most: SHOWN_OTHERS });
  return rest === 0 ? table : `${table}\nand ${rest} more`;
}

/** Workspaces that are kept although nothing runs in them. */
export async function workspaceTable({ workspaces }: Status, text: StatusText): Promise<string> {
  if (workspaces.length === 0) return '';
  const { style, isWide, hasRepositories, when } = text;
  const columns: Column<Status['workspaces'][number]>[] = [
    { head: 'WORKSPACE', of: ({ issue }) => issue },
    { head: 'FOR', of: ({ made_at }) => when(made_at), isShown: isWide },
    { head: 'KEPT', of: ({ kept_because }) => oneLine(kept_because) },
    { head: 'REPOSITORY', of: ({ repository }) => repository, isShown: hasRepositories },
    { head: 'BRANCH', of: ({ branch, path }) => oneLine(branch ?? path) },
  ];
  const { table, rest } = await listOf(workspaces, columns, { style, most: SHOWN_OTHERS });
  return rest === 0 ? table : `${table}\nand ${rest} more`;
}

/** At a terminal the first rows, elsewhere all of them. */
async function listOf<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { style, most }: { style: Style; most: number },
): Promise<{ table: string; rest: number }> {
  const wanted = columns.filter(({ isShown = true }) => isShown);
  const isCut = style.isTty && rows.length > most;
  const shown = isCut ? rows.slice(0, most) : rows;
  const table = await style.table(
    shown.map((row) => wanted.map(({ of }) => of(row))),
    wanted.map(({ head }) => head),
  );
  return { table, rest: rows.length - shown.length };
}

/** How often each word is there, the most frequent first. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}

async function cutLine(line: string, style: Style): Promise<string> {
  const { truncate } = await import('@jit/cli-kit/table');
  return style.dim(truncate(line, style.columns));
}
