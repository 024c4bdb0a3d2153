import { JitError, usageError } from '@jit/contract/errors';
import type { EventOutput } from '@jit/contract/outputs/event';
import { IssueOutput } from '@jit/contract/outputs/issue';
import { EVENT_TYPES, PRIORITIES, SHOWN_STATES } from '@jit/contract/vocabulary';
import type { Desk } from '../desk.ts';
import { notFound } from '../errors.ts';
import { type Call, numberOf, optionOf } from '../parse-call.ts';
import { toEvents } from '../reading/to-events.ts';
import { assigneeOf, type SeenIssue, stateOf, toIssue, toItem } from '../reading/to-issue.ts';

const FIELDS = Object.keys(IssueOutput.shape) as readonly (keyof IssueOutput)[];
const UNFINISHED = ['ready', 'open', 'in_progress', 'gated'];

/** Lists open issues that fit the filter: the most urgent first, then the oldest. */
export async function queryIssues(desk: Desk, call: Call): Promise<readonly unknown[]> {
  const { rules, view } = desk;
  const [word = ''] = call.positionals;
  const shape = shapeOf(desk, call);
  const pick = pickOf(desk, call.path, word);
  const now = view.now();
  const found = (await view.listOpen()).filter(pick).toSorted((a, b) => {
    const rank = (seen: SeenIssue) => PRIORITIES.indexOf(toItem(seen, rules(), now).priority);
    return rank(a) - rank(b) || byAge(a, b);
  });
  return found.slice(0, numberOf(call, 'limit') ?? found.length).map(shape);
}

function byAge({ issue: a }: SeenIssue, { issue: b }: SeenIssue): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at) || a.number - b.number;
}

function pickOf({ rules, view }: Desk, path: string, word: string): (seen: SeenIssue) => boolean {
  const state = (seen: SeenIssue) => stateOf(seen, rules(), view.now());
  if (path === 'query assignee') return (seen) => assigneeOf(seen, rules(), view.now()) === word;
  if (path === 'query ready') return (seen) => state(seen) === 'ready';
  if (!UNFINISHED.includes(word))
    throw usageError(`${JSON.stringify(word)} can't be asked for: only open issues are listed`, {
      hint: `states: ${SHOWN_STATES.filter((each) => UNFINISHED.includes(each)).join(', ')}`,
    });
  return (seen) => state(seen) === word;
}

function shapeOf({ rules, view }: Desk, call: Call): (seen: SeenIssue) => unknown {
  const names = optionOf(call, 'fields')?.split(',');
  if (names === undefined)
    return (seen) => (call.options.has('full') ? toIssue : toItem)(seen, rules(), view.now());
  const wanted = names.map((name) => {
    const field = FIELDS.find((each) => each === name.trim());
    if (field === undefined)
      throw usageError(`--fields: there is no field ${name}`, { hint: FIELDS.join(', ') });
    return field;
  });
  return (seen) => {
    const whole = toIssue(seen, rules(), view.now());
    return Object.fromEntries(wanted.map((field) => [field, whole[field]]));
  };
}

/** What was noted of an issue, or of all open ones; oldest first. */
export async function queryEvents({ view }: Desk, call: Call): Promise<readonly EventOutput[]> {
  const types = (call.options.get('type') ?? []).flatMap((text) => text.split(','));
  const unknown = types.find((type) => !EVENT_TYPES.some((each) => each === type));
  if (unknown !== undefined) throw usageError(`there is no type ${unknown} of events`);
  const id = optionOf(call, 'issue');
  const seen = id === undefined ? await view.listLately() : [await lookLately(view, id)];
  const all = seen
    .flatMap((each) => toEvents(each, view.now()))
    .filter(({ type }) => types.length === 0 || types.includes(type));
  // Times are whole seconds; ids begin with that of the comment.
  if (seen.length > 1)
    all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
  const limit = numberOf(call, 'limit');
  return limit === undefined ? all : all.slice(-limit);
}

async function lookLately(view: Desk['view'], id: string): Promise<SeenIssue> {
  const seen = /^[1-9]\d{0,14}$/.test(id) ? await view.lookLately(Number(id)) : null;
  if (seen === null) throw notFound(id);
  return seen;
}

/** Forges keep no runs of gates. */
export function noGateRun(id: string, gate: string): JitError {
  return new JitError('not_found', 'NOT_FOUND', `${id} has no gate ${gate}`, {
    hint: 'issues of a forge have no gates',
    details: { ref: gate },
  });
}
