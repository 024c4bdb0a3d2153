import { redactText } from '../keeper/redact.ts';
import { looksSecret } from '../keeper/secrets.ts';
import { oneLine } from '../views/one-line.ts';

const LONGEST = 200;
/** Shorter values stand in ordinary text by chance. */
const SHORTEST_SECRET = 8;

/**
 * What a program said, in one line of at most 200 characters for people, without the secrets of its
 * environment.
 */
export function shortWords(text: string, environment: NodeJS.ProcessEnv): string {
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    looksSecret(name) && value !== undefined && value.length >= SHORTEST_SECRET ? [value] : [],
  );
  const line = oneLine(redactText(text, secrets)).replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
