import type { Style } from '@jit/cli-kit/style';
import type { IssueGateOutput } from '@jit/contract/outputs/issue';
import { blockersInWords, stateInWords } from '../../cli/render-issue.ts';
import type { Neighbour, ShownIssue } from '../../views/shown-issue.ts';
import { NEIGHBOURS } from '../../views/shown-issue.ts';

/** An issue as people read it: title, facts, text, then what is around it. */
export function renderIssue(issue: ShownIssue, style: Style): string {
  const neighbours = (ids: readonly string[]) =>
    ids.map((id) => neighbourLine(issue[NEIGHBOURS].get(id), id, style));
  const sections = [
    [`${style.bold(`${issue.id}  ${issue.title}`)}`, ...facts(issue, style)].join('\n'),
    issue.description.trimEnd(),
    section('Acceptance criteria', issue.acceptance_criteria.map(bullet), style),
    section('Depends on', neighbours(issue.dependencies), style),
    section('Needed by', neighbours(issue.dependents), style),
    section('Gates', issue.gates.map(gateLine), style),
    section('Documents', issue.documents, style),
    section('Links', pairs(issue.links), style),
    section('Metadata', pairs(issue.metadata), style),
    section('Conflicts of a merge', issue.conflicts.map(asText), style),
    section(
      'Comments',
      issue.comments.map(({ at, by, text }) => `${at} ${by}: ${text}`),
      style,
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function facts(issue: ShownIssue, style: Style): string[] {
  const { claim, last_claim: last } = issue;
  const held = claim === null ? issue.assignee : null;
  const until = claim?.expires_at == null ? 'without a lease' : `lease until ${claim.expires_at}`;
  const lines = [
    [stateInWords(issue.state, style), issue.priority, ...issue.labels].join(' · '),
    held !== null && issue.state !== 'done' && `reserved for ${held}`,
    held !== null && issue.state === 'done' && `done by ${held}`,
    claim !== null &&
      `claimed by ${issue.assignee} since ${claim.since}, attempt ${claim.attempt}, ${until}`,
    last !== null && `claim of ${last.assignee} ended at ${last.ended_at} (${last.reason})`,
    issue.blockers.length > 0 && blockersInWords(issue.blockers),
    issue.defer_until !== null && `not before ${issue.defer_until}`,
    style.dim(
      `created ${issue.created_at} by ${issue.created_by}, changed ${issue.updated_at} by ${issue.updated_by}`,
    ),
  ];
  return lines.filter((line) => line !== false);
}

function section(title: string, lines: readonly string[], style: Style): string {
  if (lines.length === 0) return '';
  return [style.bold(title), ...lines.map(indent)].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function bullet(text: string): string {
  return `- ${text}`;
}

function neighbourLine(neighbour: Neighbour | undefined, id: string, style: Style): string {
  if (neighbour === undefined) return id;
  const { state, title } = neighbour;
  const word =
    state === 'missing' || state === 'unreadable' ? style.red(state) : stateInWords(state, style);
  return [neighbour.short_id, word, title ?? ''].join('  ').trimEnd();
}

function gateLine({ key, stage, mode, status, by, at, note }: IssueGateOutput): string {
  const kind = stage === null ? 'no definition' : `${stage === 'done' ? 'exit' : 'entry'}, ${mode}`;
  const who = by === null ? '' : ` by ${by}${at === null ? '' : ` at ${at}`}`;
  return `${key} (${kind})  ${status}${who}${note === null ? '' : `: ${note}`}`;
}

function pairs(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(([key, value]) => `${key}: ${asText(value)}`);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
