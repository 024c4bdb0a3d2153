import { PRIORITIES } from '@jit/contract/vocabulary';
import { assigneeProblem } from '../assignee.ts';
import { isPriority } from '../issue.ts';
import { timeOf } from '../time.ts';
import type { DocumentProblem, WrittenIssue } from './written-issue.ts';

/** Every key an issue can have. */
const KEYS = [
  'key',
  'title',
  'description',
  'acceptance_criteria',
  'priority',
  'assignee',
  'labels',
  'depends_on',
  'gates',
  'defer_until',
  'documents',
  'links',
  'metadata',
] as const;

/** Reads a list of issues, or an object with one under `issues`. Finds every problem of the shape. */
export function readDocument(value: unknown): {
  readonly issues: readonly WrittenIssue[];
  readonly problems: readonly DocumentProblem[];
} {
  const reader = new Reader();
  const issues = listOf(value, reader).map((element, at) => reader.issue(element, `[${at}]`));
  const places = new Map<string, string>();
  for (const { key, place } of issues) {
    if (key === null) continue;
    const first = places.get(key);
    if (first === undefined) places.set(key, place);
    else reader.note(`${place}.key`, `"${key}" is the key of ${first} already`);
  }
  return { issues, problems: reader.problems };
}

function listOf(value: unknown, reader: Reader): readonly unknown[] {
  const isObject = isRecord(value);
  if (isObject) reader.refuseOtherKeys(value, '', ['issues']);
  const list = isObject ? value.issues : value;
  if (Array.isArray(list)) return list;
  reader.note('', 'a list of issues is expected, or an object with one under "issues"');
  return [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep metadata may be nested: far below where printing it would end the stack. */
const MAX_DEPTH = 100;

/** Goes down level by level, not by recursion. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes fields out of objects and notes what is wrong with them. */
class Reader {
  readonly problems: DocumentProblem[] = [];

  note(place: string, message: string, more: Partial<DocumentProblem> = {}): undefined {
    this.problems.push({ place, kind: 'usage', code: 'INVALID_FIELD', message, ...more });
  }

  refuseOtherKeys(fields: Fields, place: string, known: readonly string[]): void {
    for (const key of Object.keys(fields)) {
      if (known.includes(key)) continue;
      const unknown = { code: 'UNKNOWN_KEY', typed: key, accepted: known };
      this.note(place === '' ? key : `${place}.${key}`, 'there is no such key', unknown);
    }
  }

  issue(value: unknown, place: string): WrittenIssue {
    if (!isRecord(value)) this.note(place, 'an object is expected');
    const fields: Fields = isRecord(value) ? value : {};
    this.refuseOtherKeys(fields, place, KEYS);
    const at = (key: (typeof KEYS)[number]) => [fields[key], `${place}.${key}`] as const;
    return {
      place,
      key: this.name(...at('key')) ?? null,
      title: isRecord(value) ? this.title(...at('title')) : '',
      description: this.text(...at('description')),
      acceptance_criteria: this.texts(...at('acceptance_criteria')),
      priority: this.priority(...at('priority')),
      assignee: this.assignee(...at('assignee')),
      labels: this.oneLiners(...at('labels')),
      depends_on: this.texts(...at('depends_on')) ?? [],
      gates: this.texts(...at('gates')),
      defer_until: this.time(...at('defer_until')),
      documents: this.texts(...at('documents')),
      links: this.links(...at('links')),
      metadata: this.record(...at('metadata')),
    };
  }

  private text(value: unknown, place: string): string | undefined {
    if (value === undefined || typeof value === 'string') return value;
    return this.note(place, 'a text is expected');
  }

  /** A text that says something. */
  private name(value: unknown, place: string): string | undefined {
    const text = this.text(value, place);
    return text?.trim() === '' ? this.note(place, 'it is empty') : text;
  }

  private oneLine(value: unknown, place: string): string | undefined {
    const text = this.name(value, place);
    const broken = text !== undefined && /[\r\n]/.test(text);
    return broken ? this.note(place, 'it has more than one line') : text;
  }

  private title(value: unknown, place: string): string {
    if (value === undefined) this.note(place, 'it is missing');
    return this.oneLine(value, place) ?? '';
  }

  private list(value: unknown, place: string): readonly unknown[] | undefined {
    if (value === undefined || Array.isArray(value)) return value;
    return this.note(place, 'a list of texts is expected');
  }

  private texts(value: unknown, place: string): readonly string[] | undefined {
    return this.each(value, place, (element, at) => this.name(element, at));
  }

  private oneLiners(value: unknown, place: string): readonly string[] | undefined {
    return this.each(value, place, (element, at) => this.oneLine(element, at));
  }

  private each(
    value: unknown,
    place: string,
    read: (element: unknown, place: string) => string | undefined,
  ): readonly string[] | undefined {
    return this.list(value, place)?.flatMap((element, at) => {
      const own = `${place}[${at}]`;
      if (element === null || element === undefined) this.note(own, 'a text is expected');
      return element === null ? [] : (read(element, own) ?? []);
    });
  }

  private priority(value: unknown, place: string) {
    if (value === undefined || isPriority(value)) return value;
    const more = typeof value === 'string' ? { typed: value, accepted: PRIORITIES } : {};
    return this.note(place, `one of these is expected: ${PRIORITIES.join(', ')}`, more);
  }

  private assignee(value: unknown, place: string): string | undefined {
    if (value === null) return undefined;
    const text = this.text(value, place);
    const problem = text === undefined ? null : assigneeProblem(text);
    return problem === null ? text?.trim() : this.note(place, problem);
  }

  private time(value: unknown, place: string): string | null | undefined {
    if (value === null) return null;
    const text = this.text(value, place);
    if (text === undefined) return undefined;
    return timeOf(text) ?? this.note(place, `"${text}" is no time (RFC 3339)`);
  }

  private record(value: unknown, place: string): Fields | undefined {
    if (value === undefined) return undefined;
    if (!isRecord(value)) return this.note(place, 'an object is expected');
    if (!isDeeperThan(value, MAX_DEPTH)) return value;
    return this.note(place, `it is nested deeper than ${MAX_DEPTH}`);
  }

  private links(value: unknown, place: string): Readonly<Record<string, string>> | undefined {
    const fields = this.record(value, place);
    if (fields === undefined) return undefined;
    const texts = Object.entries(fields).flatMap(([name, link]): [string, string][] => {
      if (typeof link === 'string') return [[name, link]];
      this.note(`${place}.${name}`, 'a text is expected');
      return [];
    });
    return Object.fromEntries(texts);
  }
}
