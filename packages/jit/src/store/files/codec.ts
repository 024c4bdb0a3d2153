import type { GateStatus } from '@jit/contract/vocabulary';
import { GATE_STATUSES } from '@jit/contract/vocabulary';
import type { Checker, Gate } from '../../domain/gate.ts';
import { DEFAULT_CHECKER_TIMEOUT_SECS, GATE_SCHEMA } from '../../domain/gate.ts';
import type { FileClaim, Issue, IssueGate, MergeConflict } from '../../domain/issue.ts';
import { byCodeUnit, ISSUE_SCHEMA, isPriority, isStoredState, toSet } from '../../domain/issue.ts';

/** Why a file can't be used, in words for its owner. */
export class Unreadable extends Error {}

type Fields = Record<string, unknown>;

/** The text of an issue file: stable key order, one array element per line, sets sorted, unknown keys last. */
export function issueText(issue: Issue): string {
  return toText({
    schema: ISSUE_SCHEMA,
    id: issue.id,
    title: issue.title,
    description: issue.description,
    acceptance_criteria: issue.acceptance_criteria,
    state: issue.state,
    priority: issue.priority,
    assignee: issue.assignee,
    attempt: issue.attempt,
    claim: issue.claim && {
      since: issue.claim.since,
      ttl_secs: issue.claim.ttl_secs,
      token_hash: issue.claim.token_hash,
      origin: issue.claim.origin,
    },
    labels: toSet(issue.labels),
    dependencies: toSet(issue.dependencies),
    gates: sorted(issue.gates),
    defer_until: issue.defer_until,
    documents: toSet(issue.documents),
    links: sorted(issue.links),
    metadata: sorted(issue.metadata),
    created_at: issue.created_at,
    created_by: issue.created_by,
    ...(issue.conflicts.length > 0 && { conflicts: issue.conflicts }),
    ...sorted(issue.extra),
  });
}

/** Reads an issue file; `id` is what its name says. Throws Unreadable. */
export function parseIssue(text: string, id: string): Issue {
  const fields = parseFields(text, ISSUE_SCHEMA);
  const take = taker(fields);
  const claim = take('claim');
  const issue: Issue = {
    id: take.text('id'),
    title: take.text('title'),
    description: take.text('description', ''),
    acceptance_criteria: take.texts('acceptance_criteria'),
    state: take.checked('state', isStoredState),
    priority: take.checked('priority', isPriority),
    assignee: take.textOrNull('assignee'),
    attempt: take.count('attempt'),
    claim: claim === undefined || claim === null ? null : parseClaim(claim),
    labels: take.texts('labels'),
    dependencies: take.texts('dependencies'),
    gates: take.map('gates', parseIssueGate),
    defer_until: take.timeOrNull('defer_until'),
    documents: take.texts('documents'),
    links: take.map('links', asText),
    metadata: take.map('metadata', (value) => value),
    conflicts: take.list('conflicts', parseConflict),
    created_at: take.time('created_at'),
    created_by: take.text('created_by', 'unknown'),
    extra: take.rest(),
  };
  if (issue.id !== id) throw new Unreadable(`its "id" is ${issue.id}, its name says ${id}`);
  if (issue.title.trim() === '') throw new Unreadable('its "title" is empty');
  return issue;
}

/** The text of a gate file. */
export function gateText(gate: Gate): string {
  return toText({
    schema: GATE_SCHEMA,
    key: gate.key,
    title: gate.title,
    description: gate.description,
    stage: gate.stage,
    mode: gate.mode,
    checker: gate.checker && {
      command: gate.checker.command,
      timeout_secs: gate.checker.timeout_secs,
      working_dir: gate.checker.working_dir,
      env: sorted(gate.checker.env),
    },
    ...(gate.conflicts?.length && { conflicts: gate.conflicts }),
    ...sorted(gate.extra),
  });
}

/** Reads a gate file; `key` is what its name says. Throws Unreadable. */
export function parseGate(text: string, key: string): Gate {
  const take = taker(parseFields(text, GATE_SCHEMA));
  const checker = take('checker');
  const conflicts = take.list('conflicts', parseConflict);
  const gate: Gate = {
    key: take.text('key'),
    title: take.text('title', ''),
    description: take.text('description', ''),
    stage: take.checked('stage', (value) => value === 'ready' || value === 'done'),
    mode: take.checked('mode', (value) => value === 'manual' || value === 'auto'),
    checker: checker === undefined || checker === null ? null : parseChecker(checker),
    ...(conflicts.length > 0 && { conflicts }),
    extra: take.rest(),
  };
  if (gate.key !== key) throw new Unreadable(`its "key" is ${gate.key}, its name says ${key}`);
  return gate;
}

function toText(value: Fields): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => byCodeUnit(a, b)));
}

function parseFields(text: string, newestSchema: number): Fields {
  if (/^(<{7}|={7}|>{7}|\|{7})( |$)/m.test(text)) {
    throw new Unreadable('it holds conflict markers of a merge: decide between them and save it');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Unreadable(
      `it is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const fields = asFields(value);
  const schema = fields.schema;
  if (typeof schema !== 'number') throw new Unreadable('its "schema" is no number');
  if (schema > newestSchema) {
    throw new Unreadable(`its schema ${schema} is newer than this program: use a newer jit`);
  }
  return fields;
}

function asFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unreadable('a JSON object is expected');
  }
  return { ...value };
}

function asText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Unreadable(`its "${name}" is no text`);
  return value;
}

function parseClaim(value: unknown): FileClaim {
  const take = taker(asFields(value));
  const ttl = take('ttl_secs');
  if (ttl !== null && typeof ttl !== 'number') throw new Unreadable('its "ttl_secs" is no number');
  return {
    since: take.time('since'),
    ttl_secs: ttl,
    token_hash: take.text('token_hash'),
    origin: take.text('origin'),
  };
}

function parseIssueGate(value: unknown): IssueGate {
  const fields = asFields(value);
  const status = fields.status;
  if (!GATE_STATUSES.includes(status as GateStatus)) throw new Unreadable('a gate has no status'); // includes() asks for the narrow type
  const gate: Record<string, unknown> = { status };
  for (const key of ['by', 'at', 'note', 'commit', 'run']) {
    if (fields[key] !== undefined && fields[key] !== null) gate[key] = asText(fields[key], key);
  }
  return gate as unknown as IssueGate; // checked key by key just above
}

function parseConflict(value: unknown): MergeConflict {
  const fields = asFields(value);
  return { field: asText(fields.field, 'field'), kept: fields.kept, other: fields.other };
}

function parseChecker(value: unknown): Checker {
  const take = taker(asFields(value));
  const timeout = take('timeout_secs') ?? DEFAULT_CHECKER_TIMEOUT_SECS;
  if (typeof timeout !== 'number') throw new Unreadable('its "timeout_secs" is no number');
  return {
    command: take.text('command'),
    timeout_secs: timeout,
    working_dir: take.textOrNull('working_dir'),
    env: take.map('env', asText),
  };
}

/** Takes fields out one by one, checked, and knows what was left over. */
function taker(fields: Fields) {
  const left = new Map(Object.entries(fields));
  const take = (name: string): unknown => {
    const value = left.get(name);
    left.delete(name);
    return value;
  };
  const text = (name: string, fallback?: string): string => asText(take(name) ?? fallback, name);
  const time = (name: string): string => {
    const value = text(name);
    if (Number.isNaN(Date.parse(value))) throw new Unreadable(`its "${name}" is no time`);
    return value;
  };
  const list = <T>(name: string, parse: (value: unknown, name: string) => T): readonly T[] => {
    const value = take(name) ?? [];
    if (!Array.isArray(value)) throw new Unreadable(`its "${name}" is no list`);
    return value.map((element) => parse(element, name));
  };
  const textOrNull = (name: string): string | null => {
    const value = take(name) ?? null;
    return value === null ? null : asText(value, name);
  };
  return Object.assign(take, {
    text,
    time,
    list,
    textOrNull,
    timeOrNull: (name: string) => {
      const absent = (left.get(name) ?? null) === null;
      return absent ? textOrNull(name) : time(name);
    },
    texts: (name: string) => list(name, asText),
    count: (name: string): number => {
      const value = take(name) ?? 0;
      if (!Number.isSafeInteger(value) || (value as number) < 0) {
        throw new Unreadable(`its "${name}" is no count`);
      }
      return value as number; // a safe integer, checked above
    },
    checked: <T>(name: string, is: (value: unknown) => value is T): T => {
      const value = take(name);
      if (!is(value)) throw new Unreadable(`its "${name}" is ${JSON.stringify(value)}`);
      return value;
    },
    map: <T>(name: string, parse: (value: unknown, name: string) => T): Record<string, T> =>
      Object.fromEntries(
        Object.entries(asFields(take(name) ?? {})).map(([key, value]) => [key, parse(value, key)]),
      ),
    rest: (): Fields => {
      left.delete('schema');
      return Object.fromEntries(left);
    },
  });
}
