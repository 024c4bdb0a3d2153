import { isAbsolute, resolve } from 'node:path';
import type { z } from 'zod';
import { AGENT_KINDS, type AgentKind, type Outside, type TokenPlace } from './agent-kinds.ts';
import type { Completion } from './config.ts';
import type { ForgeAccess, ForgesConfig } from './forges.ts';
import type { KeyPath } from './locate-key.ts';
import { PLACEHOLDERS, unknownPlaceholder } from './placeholders.ts';
import type { Problem } from './problem.ts';
import { programOf } from './program-of.ts';
import type { AgentTable } from './schema.ts';
import { HumanTable, SessionTable } from './schema-kinds.ts';

type Table = z.infer<typeof AgentTable>;

/** Where a table stands, and where what is wrong with it goes. */
export interface KindPlace {
  readonly path: KeyPath;
  readonly folder: string;
  readonly forges: ForgesConfig;
  readonly problems: Problem[];
}

/** The table that describes an agent of each kind. */
const TABLES = {
  http: 'http',
  'github-label': 'label',
  'gitea-label': 'label',
  'github-actions': 'workflow',
  'copilot-sdk': 'session',
  human: 'human',
} as const;
type OutsideKind = keyof typeof TABLES;
const TABLE_NAMES = ['http', 'label', 'workflow', 'session', 'human'] as const;

/** The kind of an agent: given, else by its command, else by a type that names one. */
export function kindOf({
  kind,
  command,
  type,
}: Pick<Table, 'kind' | 'command' | 'type'>): AgentKind {
  if (kind !== undefined) return kind;
  if (command !== undefined) return 'command';
  return AGENT_KINDS.find((each) => each === type) ?? 'command';
}

/** What is known of an agent that is no program here; null for one that is. */
export function checkOutside(table: Table, kind: AgentKind, place: KindPlace): Outside | null {
  refuseOthers(table, kind, place);
  if (kind === 'command') return null;
  switch (kind) {
    case 'http':
      return httpOf(table, place);
    case 'github-label':
    case 'gitea-label':
      return labelOf(table, kind, place);
    case 'github-actions':
      return workflowOf(table, place);
    case 'copilot-sdk':
      return sessionOf(table, place);
    case 'human':
      return humanOf(table, place);
  }
}

/** When a run counts as done, where the table does not say. */
export function completionOf({ completion, http }: Table, kind: AgentKind): Completion {
  if (completion !== undefined) return completion;
  if (kind === 'command' || kind === 'human') return 'issue';
  const isTold = http?.callback === true || http?.poll_url !== undefined;
  return kind === 'http' && !isTold ? 'issue' : 'exit';
}

/** Keys that say how a program is started, and tables of other kinds. */
function refuseOthers(table: Table, kind: AgentKind, { path, problems }: KindPlace): void {
  const own = kind === 'command' ? null : TABLES[kind];
  for (const name of TABLE_NAMES)
    if (table[name] !== undefined && name !== own) {
      const kinds = Object.entries(TABLES).flatMap(([each, its]) => (its === name ? [each] : []));
      problems.push({
        path: [...path, name],
        message: `is for kind ${kinds.join(' and ')}, and this agent is of kind ${kind}`,
      });
    }
  if (kind === 'command') return;
  for (const key of ['command', 'issue_json', 'prompt'] as const)
    if (table[key] !== undefined)
      problems.push({
        path: [...path, key],
        message: `is for kind command, and this agent is of kind ${kind}`,
      });
  if (kind === 'human' && table.completion === 'exit')
    problems.push({
      path: [...path, 'completion'],
      message: 'is exit, but a person finishes the issue itself: it can only be issue',
    });
}

function missing(kind: OutsideKind, what: string, { path, problems }: KindPlace): null {
  const table = TABLES[kind];
  problems.push({ path: [...path, table], message: `is missing: kind ${kind} needs ${what}` });
  return null;
}

function httpOf({ http, completion }: Table, place: KindPlace): Outside | null {
  if (http === undefined)
    return missing('http', 'the address of the agent, [agents.http] url', place);
  const at = (key: string) => [...place.path, 'http', key];
  for (const key of ['url', 'poll_url', 'cancel_url'] as const)
    checkAddress(http[key], at(key), place);
  if (http.callback && http.poll_url !== undefined)
    place.problems.push({
      path: at('poll_url'),
      message: 'is given, and callback is true: one of them tells when it is done',
    });
  if (completion === 'exit' && !http.callback && http.poll_url === undefined)
    place.problems.push({
      path: [...place.path, 'completion'],
      message:
        'is exit, but nothing tells when it is done: set callback = true or poll_url in [agents.http]',
    });
  return {
    kind: 'http',
    settings: {
      url: http.url,
      token: tokenOf(http, place),
      accept: http.accept,
      callback: http.callback,
      pollUrl: http.poll_url ?? null,
      cancelUrl: http.cancel_url ?? null,
      pollSecs: http.poll_secs,
      timeoutSecs: http.timeout_secs,
    },
  };
}

function tokenOf(
  {
    token_env,
    token_file,
  }: { readonly token_env?: string | undefined; readonly token_file?: string | undefined },
  { folder }: KindPlace,
): TokenPlace | null {
  if (token_file !== undefined) return { file: resolve(folder, token_file) };
  return token_env === undefined ? null : { env: token_env };
}

function checkAddress(address: string | undefined, path: KeyPath, { problems }: KindPlace): void {
  if (address === undefined) return;
  const { username, password } = new URL(address);
  if (username !== '' || password !== '')
    problems.push({ path, message: 'holds a password: name a variable in token_env instead' });
  refuseUnknown(address, path, problems);
}

function refuseUnknown(text: string, path: KeyPath, problems: Problem[]): void {
  const unknown = unknownPlaceholder(text);
  if (unknown === null) return;
  const known = PLACEHOLDERS.map((each) => `{${each}}`).join(', ');
  problems.push({ path, message: `{${unknown}} is no placeholder; there are ${known}` });
}

function labelOf(
  { label }: Table,
  kind: 'github-label' | 'gitea-label',
  place: KindPlace,
): Outside | null {
  const forge = forgeOf(kind, kind === 'github-label' ? 'github' : 'gitea', place);
  if (label === undefined) return missing(kind, 'the label to put on, [agents.label] name', place);
  if (forge === null) return null;
  return { kind, settings: { forge, label: label.name, pollSecs: label.poll_secs } };
}

function workflowOf({ workflow }: Table, place: KindPlace): Outside | null {
  const forge = forgeOf('github-actions', 'github', place);
  if (workflow === undefined)
    return missing('github-actions', 'the workflow to start, [agents.workflow] file', place);
  const { inputs, run_input: runInput } = workflow;
  for (const [name, value] of Object.entries(inputs))
    refuseUnknown(value, [...place.path, 'workflow', 'inputs', name], place.problems);
  if (runInput in inputs)
    place.problems.push({
      path: [...place.path, 'workflow', 'inputs', runInput],
      message: 'gets the id of the run (run_input)',
    });
  if (forge === null) return null;
  const { file, ref = null, poll_secs: pollSecs } = workflow;
  return { kind: 'github-actions', settings: { forge, file, ref, inputs, runInput, pollSecs } };
}

function forgeOf(
  kind: AgentKind,
  name: 'github' | 'gitea',
  { forges, path, problems }: KindPlace,
): ForgeAccess | null {
  const access = forges[name];
  if (access === null)
    problems.push({
      path: [...path, 'kind'],
      message: `is ${kind}, and [${name}] names no repository`,
    });
  return access;
}

function sessionOf({ session }: Table, { folder }: KindPlace): Outside {
  const { model = null, ...written } = SessionTable.parse(session ?? {});
  const isPath = written.module.startsWith('.') || isAbsolute(written.module);
  return {
    kind: 'copilot-sdk',
    settings: {
      module: isPath ? resolve(folder, written.module) : written.module,
      folder,
      model,
      timeoutSecs: written.timeout_secs,
      retries: written.retries,
      retrySecs: written.retry_secs,
    },
  };
}

function humanOf({ human }: Table, { path, folder, problems }: KindPlace): Outside {
  const written = HumanTable.parse(human ?? {});
  const notify = programOf(written.notify, [...path, 'human', 'notify'], { folder, problems });
  return { kind: 'human', settings: { notify, pollSecs: written.poll_secs } };
}
