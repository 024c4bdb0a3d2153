import type { Style } from '@jit/cli-kit/style';
import type {
  BlockerOutput,
  IssueChangeOutput,
  IssueItemOutput,
} from '@jit/contract/outputs/issue';

/** One line that says what a change did, and where the issue stands now. */
export function renderChange(issue: IssueChangeOutput, style: Style, did: string): string {
  const what = issue.changed ? did : `${issue.short_id} unchanged`;
  if (what.endsWith(` ${issue.state}`)) return `${style.bold(what)} · ${issue.title}`;
  const why = issue.blockers.length === 0 ? '' : ` (${blockersInWords(issue.blockers)})`;
  return `${style.bold(what)} · ${stateInWords(issue.state, style)}${why} · ${issue.title}`;
}

/** A table of issues, id first. */
export async function renderItems(
  items: readonly IssueItemOutput[],
  style: Style,
): Promise<string> {
  if (items.length === 0) return style.isTty ? style.dim('none') : '';
  const rows = items.map((item) => [
    item.short_id,
    stateInWords(item.state, style),
    item.priority,
    item.assignee ?? '',
    item.blockers.length === 0 ? item.title : `${item.title} (${blockersInWords(item.blockers)})`,
  ]);
  return style.table(rows, ['id', 'state', 'priority', 'assignee', 'title']);
}

/** Why an issue waits, on one line. */
export function blockersInWords(blockers: readonly BlockerOutput[]): string {
  return blockers.map(blockerInWords).join('; ');
}

function blockerInWords(blocker: BlockerOutput): string {
  if (blocker.type === 'dependency') return `waits for ${blocker.issue} (${blocker.state})`;
  if (blocker.type === 'gate') return `entry gate ${blocker.gate} ${blocker.status}`;
  return `deferred until ${blocker.until}`;
}

/** A state as a word, coloured where colour is wanted. */
export function stateInWords(state: IssueItemOutput['state'], style: Style): string {
  if (state === 'ready' || state === 'done') return style.green(state);
  if (state === 'in_progress') return style.cyan(state);
  if (state === 'gated') return style.yellow(state);
  if (state === 'rejected') return style.red(state);
  return state === 'archived' ? style.dim(state) : state;
}
