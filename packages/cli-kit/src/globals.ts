/** The options the kit itself obeys; every program has them. */
export const outputGlobals = {
  json: { type: 'boolean', describe: 'print exactly one JSON document on stdout' },
  color: { type: 'boolean', describe: 'colour the output, also in a pipe' },
  'no-color': { type: 'boolean', describe: 'never colour the output' },
} as const;

/** The options every command of a program that works in a directory takes. */
export const commonGlobals = {
  ...outputGlobals,
  dir: { type: 'string', placeholder: 'PATH', describe: 'the data folder itself, or its parent' },
  actor: { type: 'string', placeholder: 'NAME', describe: 'who is acting' },
  'lock-timeout': {
    type: 'number',
    min: 0,
    placeholder: 'SECS',
    describe: 'give up waiting for the lock after SECS seconds',
  },
} as const;

/** How the answer is to be printed, as far as argv says. */
export interface OutputFlags {
  readonly json: boolean;
  /** Undefined: the environment decides. */
  readonly color: boolean | undefined;
}

/**
 * Reads the output flags straight from argv, so that they hold even when parsing fails. This gives
 * what the parser gives: a word that begins with a dash is never the value of another flag.
 */
export function scanOutputFlags(argv: readonly string[]): OutputFlags {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const isOn = (flag: string) => words.includes(flag) || words.includes(`${flag}=true`);
  return {
    json: isOn('--json'),
    color: isOn('--no-color') ? false : isOn('--color') ? true : undefined,
  };
}
