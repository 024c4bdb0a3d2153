/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: these are what is to be taken out */

/** The sequences that a style writes, and only these: data may at most change a colour. */
const OWN = /(\u001b\[(?:1|2|22|3[1236]|39)m)/;

/** Everything that a terminal would act on instead of showing it, but for line breaks and tabs. */
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Titles and clipboards; cursor, screen and colour; other sequences. An unfinished one loses its beginning only. */
const SEQUENCES =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;

/**
 * Text for people, made of data from anywhere, such that a terminal only shows it: escape sequences and
 * marks that turn the direction of writing are left out, other control characters become spaces.
 * @param colour whether the sequences of a style stay
 */
export function harmless(text: string, colour: boolean): string {
  if (!ACTIVE.test(text)) return text;
  if (!colour) return cleaned(text);
  // Every second part is one of a style's own.
  return text
    .split(OWN)
    .map((part, at) => (at % 2 === 1 ? part : cleaned(part)))
    .join('');
}

function cleaned(text: string): string {
  return text
    .replace(SEQUENCES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
}

/** What JSON.stringify leaves as it is though a terminal may act on it. */
const LEFT_BY_JSON = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A value as JSON that is the same to every reader and does nothing to a terminal. */
export function harmlessJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(
    LEFT_BY_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
