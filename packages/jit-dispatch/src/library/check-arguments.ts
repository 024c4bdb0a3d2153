import type { JitError } from '@jit/contract/errors';
import { dispatchError } from '../operations/dispatch-error.ts';
import type { JitDispatcher } from './jit-dispatcher.ts';

/** What an argument can be, in words, and how that is seen. */
const KINDS = {
  'a text': (value: unknown) => typeof value === 'string',
  'an object': isObject,
  'a list': (value: unknown) => Array.isArray(value),
  'a function': (value: unknown) => typeof value === 'function',
  'an id or an object': (value: unknown) => typeof value === 'string' || isObject(value),
} as const;
type Kind = keyof typeof KINDS;

/** An argument of a method; one with a `?` may be left out. */
type Argument = readonly [name: string | `${string}?`, kind: Kind];

const OPTIONS: Argument = ['options?', 'an object'];
const FILTER: Argument = ['filter?', 'an object'];
const ISSUE: Argument = ['issue', 'a text'];
const RUN: Argument = ['run', 'a text'];

const ARGUMENTS: Readonly<Record<keyof JitDispatcher, readonly Argument[]>> = {
  start: [OPTIONS],
  stop: [OPTIONS],
  once: [OPTIONS],
  dispatch: [['request', 'an id or an object']],
  dispatchBatch: [['requests', 'a list']],
  admit: [['requests', 'a list'], OPTIONS],
  waitFor: [ISSUE, OPTIONS],
  register: [['agent', 'an object']],
  on: [
    ['event', 'a text'],
    ['listener', 'a function'],
  ],
  sessions: [FILTER],
  activeCount: [],
  cancel: [ISSUE, OPTIONS],
  reassign: [ISSUE, ['agent', 'a text'], OPTIONS],
  retryPull: [RUN, OPTIONS],
  pause: [OPTIONS],
  resume: [OPTIONS],
  drain: [OPTIONS],
  estimate: [ISSUE, OPTIONS],
  availableAgents: [['issue?', 'a text'], OPTIONS],
  explain: [ISSUE, OPTIONS],
  status: [],
  watchStatus: [OPTIONS],
  watchEvents: [OPTIONS],
  runs: [FILTER],
  show: [RUN, OPTIONS],
  logs: [RUN, OPTIONS],
  followLogs: [RUN, OPTIONS],
  history: [ISSUE, OPTIONS],
  stats: [OPTIONS],
  doctor: [],
  init: [],
  checkConfig: [OPTIONS],
  close: [],
};

/** Methods that throw; the others reject. */
const AT_ONCE: readonly string[] = ['register', 'on'];

/** The same dispatcher; a call with something of another type is refused with what was expected. */
export function withCheckedArguments(dispatcher: JitDispatcher): JitDispatcher {
  const checked = Object.entries(dispatcher).map(([name, method]) => {
    const call = (...given: readonly unknown[]): unknown => {
      const problem = problemOf(name as keyof JitDispatcher, given);
      if (problem === null) return Reflect.apply(method, dispatcher, given);
      if (AT_ONCE.includes(name)) throw problem;
      return Promise.reject(problem);
    };
    return [name, call] as const;
  });
  return Object.fromEntries(checked) as unknown as JitDispatcher;
}

function problemOf(method: keyof JitDispatcher, given: readonly unknown[]): JitError | null {
  for (const [index, [name, kind]] of ARGUMENTS[method].entries()) {
    const value = given[index];
    if (value === undefined && name.endsWith('?')) continue;
    if (!KINDS[kind](value)) return wrongType(`${method}: ${name.replace('?', '')}`, kind, value);
  }
  return null;
}

/** Refuses what `createDispatcher` can't be called with. Errors: INVALID_REQUEST (2). */
export function checkCreation(config: unknown, options: unknown): void {
  if (config !== undefined && typeof config !== 'string' && !isObject(config))
    throw wrongType('createDispatcher: config', 'a path or an object', config);
  if (!isObject(options)) throw wrongType('createDispatcher: options', 'an object', options);
}

function wrongType(what: string, expected: string, value: unknown): JitError {
  const is = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return dispatchError('usage', 'INVALID_REQUEST', `${what} has to be ${expected}, is ${is}`, {
    hint: 'docs/library.md tells how it is called',
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
