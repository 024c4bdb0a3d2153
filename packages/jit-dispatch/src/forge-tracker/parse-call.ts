import { usageError } from '@jit/contract/errors';

/** A call in the words of jit's command line. */
export interface Call {
  /** Such as `issue claim`. */
  readonly path: string;
  readonly positionals: readonly string[];
  /** The values of each option that was given; of a switch, none. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** What a command takes: how many words, and its options: a value, several, or none. */
interface Command {
  readonly words: readonly [least: number, most: number];
  readonly options: Readonly<Record<string, 'value' | 'list' | 'switch'>>;
}

const OWNER = { claim: 'value', reason: 'value' } as const;
const LIST = { fields: 'value', full: 'switch', limit: 'value' } as const;

/** The part of jit's command line that is understood here. */
const COMMANDS: Readonly<Record<string, Command>> = {
  where: { words: [0, 0], options: {} },
  batch: { words: [0, 0], options: { atomic: 'switch' } },
  'query ready': { words: [0, 0], options: LIST },
  'query assignee': { words: [1, 1], options: LIST },
  'query state': { words: [1, 1], options: LIST },
  'issue show': { words: [1, 1], options: {} },
  'issue claim': {
    words: [2, 2],
    options: {
      ttl: 'value',
      claim: 'value',
      'max-held': 'value',
      'task-type': 'value',
      'agent-title': 'value',
    },
  },
  'issue heartbeat': { words: [1, 1], options: { claim: 'value', ttl: 'value' } },
  'issue release': {
    words: [1, 2],
    options: { ...OWNER, failed: 'value', defer: 'value' },
  },
  'issue update': {
    words: [1, 1],
    options: {
      ...OWNER,
      state: 'value',
      'add-label': 'list',
      'remove-label': 'list',
      'defer-until': 'value',
      'only-if': 'value',
      meta: 'list',
      priority: 'value',
      link: 'list',
    },
  },
  'issue reject': { words: [1, 1], options: OWNER },
  'issue assign': { words: [2, 2], options: { claim: 'value' } },
  'issue unassign': { words: [1, 1], options: { claim: 'value' } },
  'issue comment': { words: [1, 2], options: { text: 'value', claim: 'value' } },
  'issue explain': { words: [1, 1], options: {} },
  'events query': {
    words: [0, 0],
    options: { issue: 'value', type: 'list', limit: 'value' },
  },
  'dep list': { words: [1, 1], options: {} },
  'gate status': { words: [1, 1], options: {} },
  'gate run': { words: [1, 99], options: { claim: 'value' } },
  'gate log': { words: [2, 2], options: { run: 'value' } },
};

const EVERYWHERE: Command['options'] = { json: 'switch', actor: 'value' };

/**
 * Understands the words of a call.
 * @throws JitError usage (2) for everything else, with what there is
 */
export function parseCall(argv: readonly string[]): Call {
  const path =
    argv.slice(0, 2).join(' ') in COMMANDS ? argv.slice(0, 2).join(' ') : (argv[0] ?? '');
  const command = Object.hasOwn(COMMANDS, path) ? COMMANDS[path] : undefined;
  if (command === undefined)
    throw usageError(
      `${JSON.stringify(argv.slice(0, 2).join(' '))} is not known for issues of a forge`,
      {
        hint: `there is: ${Object.keys(COMMANDS).join(', ')}`,
      },
    );
  const known: Command['options'] = { ...EVERYWHERE, ...command.options };
  const options = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  const words = argv.slice(path.split(' ').length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, joined] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined || options.has('')) {
      if (word !== '--' || options.has('')) positionals.push(word);
      else options.set('', []);
      continue;
    }
    const takes = Object.hasOwn(known, name) ? known[name] : undefined;
    if (takes === undefined)
      throw usageError(`${path} has no option --${name}`, {
        hint: `it has: ${Object.keys(known)
          .map((each) => `--${each}`)
          .join(', ')}`,
      });
    if (takes !== 'list' && options.has(name)) throw usageError(`--${name} is given twice`);
    if (takes === 'switch') {
      options.set(name, []);
      continue;
    }
    if (joined === undefined) at += 1;
    const value = joined ?? words[at];
    if (value === undefined) throw usageError(`--${name} needs a value`);
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  const [least, most] = command.words;
  if (positionals.length < least || positionals.length > most)
    throw usageError(
      `${path} takes ${least === most ? least : `${least} to ${most}`} words, and got ${positionals.length}`,
    );
  options.delete('');
  return { path, positionals, options };
}

/** The value of an option; undefined: it was not given. */
export function optionOf({ options }: Call, name: string): string | undefined {
  return options.get(name)?.[0];
}

/** The number of an option. Errors: usage, for anything else. */
export function numberOf(call: Call, name: string): number | undefined {
  const text = optionOf(call, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw usageError(`--${name} ${JSON.stringify(text)} is no number`);
  return value;
}
