import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import type { Liquid, Template } from 'liquidjs';
import { estimateTokenCount } from 'tokenx';
import { createEngine, FILE_TAGS, MAX_PROMPT_CHARS } from './engine.ts';
import { Anything, EMPTY, SAMPLE } from './facts.ts';
import { loopsIn, type Segments, variablesOf } from './template-parts.ts';

/** Something wrong with a template. */
export interface TemplateProblem {
  /** Counted from 1; null where it is about the whole. */
  readonly line: number | null;
  readonly message: string;
}

/** What a name stands for in a part of a template; `ANYTHING` where that can't be known. */
type Scope = ReadonlyMap<string, unknown>;
const ANYTHING = new Anything();

/**
 * Everything that is wrong with a template, also in branches that are rarely taken: mistakes in its
 * form, filters and variables that there are not.
 * @param sample one of everything that it can say; default: of a prompt
 */
export async function checkTemplate(
  source: string,
  sample: object = SAMPLE,
): Promise<readonly TemplateProblem[]> {
  const engine = createEngine();
  let templates: Template[];
  try {
    templates = engine.parse(source);
  } catch (error) {
    return [await inWords(error, engine)];
  }
  const unknown = new Map<string, Promise<TemplateProblem>>();
  checkNames(engine, { templates, scope: scopeOf(sample) }, (segments, line) => {
    const name = nameOf(segments);
    const key = `${line} ${name}`;
    if (!unknown.has(key)) unknown.set(key, unknownVariable({ segments, name, line }, sample));
  });
  if (unknown.size > 0) return Promise.all(unknown.values());
  try {
    const text = String(engine.renderSync(templates, sample));
    if (text.length > MAX_PROMPT_CHARS)
      return [{ line: null, message: `makes ${text.length} characters out of nearly nothing` }];
    return [];
  } catch (error) {
    return [await inWords(error, engine)];
  }
}

/** The tokens of a template's own words: so much is left where there is nothing to say. */
export function ownTokens(source: string): number {
  const engine = createEngine();
  return estimateTokenCount(String(engine.renderSync(engine.parse(source), EMPTY)));
}

type Report = (segments: Segments, line: number) => void;

function checkNames(
  engine: Liquid,
  { templates, scope }: { templates: Template[]; scope: Scope },
  report: Report,
): void {
  const { globals, locals } = engine.analyzeSync(templates, { partials: false });
  // What a template names itself is not followed: rendering it shows the rest.
  const own = Object.keys(locals).map((name) => [name, ANYTHING] as const);
  const known: Scope = new Map<string, unknown>([...scope, ...own]);
  for (const { segments, location } of Object.values(globals).flat())
    if (reach(segments, known) === undefined) report(segments, location.row);
  for (const loop of loopsIn(templates)) {
    const [over, ...others] = variablesOf(engine, loop);
    const list = over === undefined || others.length > 0 ? ANYTHING : reach(over, known);
    const element = Array.isArray(list) ? list[0] : ANYTHING;
    const names = [
      ['forloop', ANYTHING],
      ['tablerowloop', ANYTHING],
      [loop.variable, element],
    ] as const;
    checkNames(engine, { templates: loop.templates, scope: new Map([...known, ...names]) }, report);
  }
}

/** What a path leads to in the sample; undefined: nowhere. */
function reach(segments: Segments, scope: Scope): unknown {
  const [first, ...rest] = segments;
  let value = typeof first === 'string' ? scope.get(first) : ANYTHING;
  for (const segment of rest) value = memberOf(value, segment);
  return value;
}

function memberOf(value: unknown, segment: Segments[number]): unknown {
  if (value === undefined || value instanceof Anything) return value;
  if (Array.isArray(value)) {
    if (segment === 'size') return 1;
    const isElement = typeof segment !== 'string' || segment === 'first' || segment === 'last';
    return isElement ? value[0] : undefined;
  }
  if (typeof value === 'string') return segment === 'size' ? 1 : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof segment === 'object') return ANYTHING;
  return Object.hasOwn(value, segment)
    ? (value as Readonly<Record<string, unknown>>)[segment]
    : undefined;
}

function nameOf(segments: Segments): string {
  const words = segments.map((each) => (typeof each === 'object' ? '…' : String(each)));
  return words.reduce((name, word) =>
    /^[\w-]+$/.test(word) ? `${name}.${word}` : `${name}[${word}]`,
  );
}

function scopeOf(sample: object): Scope {
  return new Map<string, unknown>(Object.entries(sample));
}

async function unknownVariable(
  { segments, name, line }: { segments: Segments; name: string; line: number },
  sample: object,
): Promise<TemplateProblem> {
  const scope = scopeOf(sample);
  const isThere = (path: Segments): boolean => reach(path, scope) !== undefined;
  const depth = segments.findIndex((_, at) => !isThere(segments.slice(0, at + 1)));
  const before = segments.slice(0, depth);
  const parent = depth === 0 ? sample : reach(before, scope);
  const names = typeof parent === 'object' && parent !== null ? Object.keys(parent) : [];
  const nearest = await suggest(String(segments[depth]), names);
  const isMember = depth === 0 && segments.length > 1;
  if (nearest !== undefined) {
    const meant = [...before, nearest, ...segments.slice(depth + 1)];
    const words = nameOf(isThere(meant) ? meant : [...before, nearest]);
    return { line, message: `there is no variable ${name}; ${didYouMean(words, '')}` };
  }
  // The name of a loop: it stands for an element of some list.
  const members = isMember ? MEMBERS : names;
  const member = isMember ? await suggest(String(segments.at(-1)), MEMBERS) : undefined;
  const known = members.length === 0 ? 'it has no parts' : `there are ${members.join(', ')}`;
  return { line, message: `there is no variable ${name}; ${didYouMean(member, known)}` };
}

/** The names in the elements of all lists. */
const MEMBERS: readonly string[] = [
  ...new Set(
    [SAMPLE, SAMPLE.issue, SAMPLE.dependencies[0] ?? {}]
      .flatMap((each): unknown[] => Object.values(each))
      .flatMap((list): unknown[] => (Array.isArray(list) ? [list[0]] : []))
      .flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : [])),
  ),
];

/** An error of the library, in our words where there are better ones. */
async function inWords(error: unknown, engine: Liquid): Promise<TemplateProblem> {
  const text = error instanceof Error ? error.message : String(error);
  const place = /, (?:file:[^,]*, )?line:(\d+), col:\d+$/.exec(text);
  const line = place === null ? null : Number(place[1]);
  const message = place === null ? text : text.slice(0, place.index);
  const [, filter] = /^undefined filter: (.+)$/.exec(message) ?? [];
  if (filter !== undefined) {
    const nearest = await suggest(filter, Object.keys(engine.filters));
    return {
      line,
      message: `there is no filter ${filter}; ${didYouMean(nearest, 'see the Liquid documentation')}`,
    };
  }
  const [, tag] = /^tag "(.+)" not found$/.exec(message) ?? [];
  if (tag === undefined) return { line, message };
  if (FILE_TAGS.includes(tag))
    return { line, message: `{% ${tag} %} reads another file: a prompt has one template` };
  const nearest = await suggest(tag, Object.keys(engine.tags));
  return {
    line,
    message: `there is no tag ${tag}; ${didYouMean(nearest, 'see the Liquid documentation')}`,
  };
}
