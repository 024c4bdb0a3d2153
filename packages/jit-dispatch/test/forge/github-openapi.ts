import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Answered, Got } from './forge-server.ts';

/** What is read of GitHub's description of its API. */
interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Content }>
  >;
}
type Content = Readonly<Record<string, { readonly schema?: { readonly properties?: object } }>>;
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const require = createRequire(import.meta.url);
const JSON_TYPE = 'application/json';
/** Answers that any operation may give, which the description does not repeat. */
const EVERYWHERE = [401, 403, 404, 410, 422, 429];

interface Loaded {
  readonly description: Description;
  readonly ajv: Ajv;
  readonly compiled: Map<string, ValidateFunction>;
}
let loaded: Loaded | null = null;

/** Says in what a request and its answer differ from the published description of GitHub's API. */
export function findMismatches(template: string, got: Got, { status, body }: Answered): string[] {
  loaded ??= load();
  const { description } = loaded;
  const place = `${got.method} ${template}`;
  const operation = description.paths[template]?.[got.method.toLowerCase()];
  if (operation === undefined) return [`${place} is not described`];
  const pointer = `/paths/${template.replaceAll('~', '~0').replaceAll('/', '~1')}/${got.method.toLowerCase()}`;
  return [
    ...checkQuery(operation, got).map((problem) => `${place}: ${problem}`),
    ...checkBody(operation, pointer, got.body).map((problem) => `${place}: ${problem}`),
    ...checkAnswer(operation, pointer, status, body).map(
      (problem) => `${place} → ${status}: ${problem}`,
    ),
  ];
}

/** One file of the package: its main one would read all of them. */
function load(): Loaded {
  const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
  const description: Description = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('uri', /^[a-z]+:\/\/\S+$/);
  for (const format of [
    'email',
    'int64',
    'uri-template',
    'repo.nwo',
    'date',
    'timestamp',
    'ip',
    'binary',
  ])
    ajv.addFormat(format, true);
  ajv.addSchema(withNull(description) as object, 'api');
  return { description, ajv, compiled: new Map() };
}

/** The description is of a time when `nullable` stood beside a type; JSON Schema has no such word. */
function withNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNull);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, example: _, examples: __, ...rest } = node as Record<string, unknown>;
  const copy = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, withNull(value)]),
  );
  return nullable === true ? { anyOf: [{ type: 'null' }, copy] } : copy;
}

function checkQuery({ parameters = [] }: Operation, { query }: Got): string[] {
  const known = parameters.map((parameter) => resolve(parameter));
  const names = known.filter((each) => each.in === 'query').map(({ name }) => name);
  return Object.keys(query)
    .filter((name) => !names.includes(name))
    .map((name) => `query ${name} is not described`);
}

function resolve(parameter: Parameter): Parameter {
  const [, name] = /^#\/components\/parameters\/(.+)$/.exec(parameter.$ref ?? '') ?? [];
  const found = name === undefined ? parameter : loaded?.description.components.parameters?.[name];
  return (found ?? {}) as Parameter;
}

function checkBody({ requestBody }: Operation, pointer: string, body: unknown): string[] {
  if (requestBody === undefined) return body === null ? [] : ['a body is not described'];
  const schema = requestBody.content[JSON_TYPE]?.schema;
  if (typeof body !== 'object' || body === null || schema === undefined) return [];
  const { properties } = schema;
  const known = properties === undefined ? null : Object.keys(properties);
  const unknown = known === null ? [] : Object.keys(body).filter((key) => !known.includes(key));
  return [
    ...unknown.map((key) => `key ${key} of the body is not described`),
    ...validate(`${pointer}/requestBody/content/application~1json/schema`, body),
  ];
}

function checkAnswer(
  { responses }: Operation,
  pointer: string,
  status: number,
  body: unknown,
): string[] {
  const described = responses[String(status)];
  if (described === undefined) {
    if (!EVERYWHERE.includes(status)) return ['the status is not described'];
    return validate('/components/schemas/basic-error', body);
  }
  const at = described.$ref?.slice(1) ?? `${pointer}/responses/${status}`;
  const [, name] = /^\/components\/responses\/(.+)$/.exec(at) ?? [];
  const answer = name === undefined ? described : loaded?.description.components.responses?.[name];
  const content = (answer as { content?: Content }).content;
  if (content?.[JSON_TYPE]?.schema === undefined)
    return body === undefined ? [] : ['a body is not described'];
  return validate(`${at}/content/application~1json/schema`, body);
}

function validate(pointer: string, value: unknown): string[] {
  if (loaded === null) return [];
  const { ajv, compiled } = loaded;
  const check = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${encodeURI(pointer)}` });
  compiled.set(pointer, check);
  if (check(value)) return [];
  return [ajv.errorsText(check.errors, { dataVar: 'body' })];
}
