import { JitError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import { EVENT_TYPES } from '@jit/contract/vocabulary';
import type { Event } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { byCodeUnit, checkIssue } from '../domain/issue.ts';
import { parseGate, parseIssue, Unreadable } from '../store/files/codec.ts';
import { isFields } from './fields.ts';
import { EXPORT_SCHEMA, type JitContent } from './jit-content.ts';
import { parseJsonFile, parseJsonLines, unreadableSource } from './json-lines.ts';
import type { SourceFile } from './source.ts';

/** One part of the source that has not been looked into, and where it stands. */
interface Part {
  readonly where: string;
  readonly value: unknown;
  /** The text of its file, where it has one of its own. */
  readonly text?: string;
  /** What the name of its file says, where it has one of its own. */
  readonly name?: string;
}

type Problems = { where: string; problem: string }[];

/**
 * Reads the document of `jit export`. Errors, exit 4: SOURCE_UNREADABLE naming every place,
 * NOT_A_SOURCE, SCHEMA_TOO_NEW.
 */
export function readJitDocument(text: string, path: string): JitContent {
  const read = parseJsonFile(text);
  if ('problem' in read) throw unreadableSource([{ where: path, problem: read.problem }]);
  const { value } = read;
  if (!isFields(value)) throw notADocument(path, 'a JSON object is expected');
  const { schema, issues, gates, events, config, ...others } = value;
  if (typeof schema === 'number' && schema > EXPORT_SCHEMA) throw tooNew(path, schema);
  if (schema !== EXPORT_SCHEMA || !Array.isArray(issues))
    throw notADocument(path, 'it has no schema and issues of jit export');
  const problems: Problems = Object.keys(others).map((key) => ({
    where: key,
    problem: 'nothing is known of this part',
  }));
  const parts = (name: string, list: unknown): readonly Part[] => {
    if (!Array.isArray(list)) problems.push({ where: name, problem: 'a list is expected' });
    return (Array.isArray(list) ? list : []).map((part, at) => ({
      where: `${name}[${at}]`,
      value: part,
    }));
  };
  if (config !== null && config !== undefined && typeof config !== 'string')
    problems.push({ where: 'config', problem: 'a text is expected' });
  return readParts(
    {
      issues: parts('issues', issues),
      gates: parts('gates', gates),
      events: parts('events', events),
      config: typeof config === 'string' ? config : null,
    },
    problems,
  );
}

/** Reads the files of a `.jit`. Errors: as for a document. */
export function readJitFiles(files: readonly SourceFile[]): JitContent {
  const problems: Problems = [];
  const content = { issues: [] as Part[], gates: [] as Part[], events: [] as Part[] };
  let config: string | null = null;
  for (const { path, text } of files) {
    if (text === null) continue;
    const [, folder, name] = /^(issues|gates|events)\/(.+)\.jsonl?$/.exec(path) ?? [];
    if (path === 'config.toml') config = text;
    else if (folder === 'events') content.events.push(...eventParts(path, text, problems));
    else if (folder === 'issues' || folder === 'gates') {
      const read = parseJsonFile(text);
      if ('problem' in read) problems.push({ where: path, problem: read.problem });
      else content[folder].push({ where: path, value: read.value, text, name: name ?? '' });
    }
  }
  return readParts({ ...content, config }, problems);
}

function eventParts(path: string, text: string, problems: Problems): readonly Part[] {
  const { lines, bad } = parseJsonLines(text);
  problems.push(...bad.map(({ line, problem }) => ({ where: `${path}:${line}`, problem })));
  return lines.map(({ line, value }) => ({ where: `${path}:${line}`, value }));
}

interface Parts {
  readonly issues: readonly Part[];
  readonly gates: readonly Part[];
  readonly events: readonly Part[];
  readonly config: string | null;
}

function readParts({ issues, gates, events, config }: Parts, problems: Problems): JitContent {
  const content = {
    issues: readEach(issues, problems, readIssue, ({ id }) => id),
    gates: readEach(gates, problems, readGate, ({ key }) => key),
    events: readEvents(events, problems),
    config,
  };
  if (problems.length > 0) throw unreadableSource(problems);
  return content;
}

function readEach<T>(
  parts: readonly Part[],
  problems: Problems,
  read: (part: Part) => T,
  nameOf: (value: T) => string,
): readonly T[] {
  const found = new Map<string, T>();
  for (const part of parts) {
    try {
      const value = read(part);
      if (found.has(nameOf(value))) throw new Unreadable(`${nameOf(value)} is there twice`);
      found.set(nameOf(value), value);
    } catch (error) {
      const isProblem = error instanceof Unreadable || error instanceof JitError;
      if (!isProblem) throw error;
      problems.push({ where: part.where, problem: error.message });
    }
  }
  return [...found.values()].sort((a, b) => byCodeUnit(nameOf(a), nameOf(b)));
}

function readIssue(part: Part): Issue {
  const id = nameIn(part, 'id');
  return checkIssue(parseIssue(part.text ?? JSON.stringify(part.value), id));
}

function readGate(part: Part): Gate {
  const key = nameIn(part, 'key');
  return parseGate(part.text ?? JSON.stringify(part.value), key);
}

/** The id or key of a part: it becomes a file name, so it must be fit for one. */
function nameIn({ value, name }: Part, field: 'id' | 'key'): string {
  if (!isFields(value)) throw new Unreadable('a JSON object is expected');
  const found = name ?? value[field];
  if (typeof found !== 'string') throw new Unreadable(`its "${field}" is no text`);
  const problem = idProblem(found);
  if (problem !== null) throw new Unreadable(`its ${field} "${found}" can't be used: ${problem}`);
  return found;
}

/** Lines of one id are one event: git may have merged them in twice. */
function readEvents(parts: readonly Part[], problems: Problems): readonly Event[] {
  const found = new Map<string, Event>();
  for (const { where, value } of parts) {
    const problem = eventProblem(value);
    if (problem !== null) problems.push({ where, problem });
    else found.set((value as Event).id, value as Event); // checked field by field in eventProblem
  }
  return [...found.values()].sort((a, b) => byCodeUnit(a.id, b.id));
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-\d{2}T/;

function eventProblem(value: unknown): string | null {
  if (!isFields(value)) return 'a JSON object is expected';
  const { id, at, type, issue, actor } = value;
  if (typeof id !== 'string' || !ULID.test(id)) return 'its "id" is no id of an event';
  // Its month becomes a file name.
  if (typeof at !== 'string' || !TIME.test(at) || Number.isNaN(Date.parse(at)))
    return 'its "at" is no time';
  if (typeof type !== 'string' || !(EVENT_TYPES as readonly string[]).includes(type))
    return `its "type" is ${JSON.stringify(type)}, which is no type of event`;
  if (typeof actor !== 'string') return 'its "actor" is no text';
  return issue === null || typeof issue === 'string' ? null : 'its "issue" is no id';
}

function notADocument(path: string, why: string): JitError {
  return new JitError('invalid', 'NOT_A_SOURCE', `${path} can't be imported: ${why}`, {
    hint: 'Name a document of jit export, a .jit folder, or the folder that has one.',
    details: { path },
  });
}

function tooNew(path: string, schema: number): JitError {
  return new JitError(
    'invalid',
    'SCHEMA_TOO_NEW',
    `${path} has schema ${schema}, newer than this program knows`,
    { hint: 'Import it with a newer jit.', details: { path, schema, known: EXPORT_SCHEMA } },
  );
}
