/** The shortest prefix of an id that a command accepts, in characters. */
export const MIN_PREFIX = 4;

/** Length of the ids we make ourselves: 10 characters of Crockford base32, 50 bits. */
export const ID_LENGTH = 10;
export const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const ID_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const NEVER_IDS = new Set(['null', 'undefined', 'none', 'nan', 'true', 'false']);
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;

/** Tells why a text can't be an issue id or gate key, or null if it can. Ids are path-safe by this rule. */
export function idProblem(text: string): string | null {
  if (text === '') return 'it is empty';
  if (NEVER_IDS.has(text.toLowerCase())) return `"${text}" is what a failed lookup prints`;
  if (text.length > 128) return 'it is longer than 128 characters';
  if (text.startsWith('-') || text.startsWith('.')) return 'it begins with "-" or "."';
  if (!ID_PATTERN.test(text)) return 'only letters, digits, ".", "_" and "-" are allowed';
  if (WINDOWS_DEVICE.test(text)) return 'it is a reserved device name';
  if (text.endsWith('.')) return 'it ends with "."';
  if (text in Object.prototype) return 'every object of JavaScript has something of that name';
  return null;
}
