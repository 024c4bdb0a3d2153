/** Names with one of these words, between underscores, hold secrets. */
const SECRET_WORDS = new Set([
  'TOKEN',
  'TOKENS',
  'KEY',
  'KEYS',
  'APIKEY',
  'SECRET',
  'SECRETS',
  'PASS',
  'PASSWORD',
  'PASSWD',
  'PASSPHRASE',
  'CREDENTIAL',
  'CREDENTIALS',
  'AUTH',
]);

/** Shorter values stand in ordinary text by chance. */
const MIN_LENGTH = 8;
/** Of a variable that was named: whoever names it means it. */
const MIN_NAMED_LENGTH = 4;

/** True for a variable whose name says that its value is a secret: `GITHUB_TOKEN`, `DB_PASSWORD`. */
export function looksSecret(name: string): boolean {
  return name.split(/[^A-Za-z0-9]+/).some((word) => SECRET_WORDS.has(word.toUpperCase()));
}

/**
 * The texts to keep out of an agent's output: the token of its claim, what it was given in variables
 * whose names look secret, and the values of the variables that the configuration names.
 */
export function secretsOf({
  token,
  named,
  given,
  environment,
}: {
  token: string;
  named: readonly string[];
  /** What the agent was given. */
  given: NodeJS.ProcessEnv;
  /** The keeper's own: a named variable need not be passed on. */
  environment: NodeJS.ProcessEnv;
}): string[] {
  // Without the line break that a value read from a file may end with: programs print it without.
  const looked = Object.entries(given)
    .flatMap(([name, value]) => (looksSecret(name) ? [value?.trim() ?? ''] : []))
    .filter((value) => value.length >= MIN_LENGTH);
  const wanted = named
    .flatMap((name) => [given[name], environment[name]])
    .map((value) => value?.trim() ?? '')
    .filter((value) => value.length >= MIN_NAMED_LENGTH);
  return [...new Set([token, ...looked, ...wanted])].filter((text) => text !== '');
}
