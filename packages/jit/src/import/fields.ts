/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for a JSON object, false for lists and everything else. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for values that say nothing: null, an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.keys(value).length === 0;
}

/**
 * Takes fields out of a record one by one. A field of the wrong kind is not taken: it stays in
 * `rest()`, so that no value gets lost.
 */
export interface FieldTaker {
  /** A text, `''` where there is none. */
  text(name: string): string;
  /** A list, empty where there is none. */
  list(name: string): readonly unknown[];
  /** An object, empty where there is none. */
  fields(name: string): Fields;
  /** Any value, undefined where there is none. */
  any(name: string): unknown;
  /** What was not taken and holds something, in the order of the record. */
  rest(): readonly (readonly [string, unknown])[];
}

/** Starts taking fields out of a record. */
export function takeFields(record: Fields): FieldTaker {
  const left = new Map(Object.entries(record));
  const takeIf = (name: string, fits: (value: unknown) => boolean): unknown => {
    const value = left.get(name);
    if (value === null || fits(value)) left.delete(name);
    return value !== null && fits(value) ? value : undefined;
  };
  return {
    text: (name) => {
      const value = takeIf(name, (found) => typeof found === 'string');
      return typeof value === 'string' ? value : '';
    },
    list: (name) => {
      const value = takeIf(name, Array.isArray);
      return Array.isArray(value) ? value : [];
    },
    fields: (name) => {
      const value = takeIf(name, isFields);
      return isFields(value) ? value : {};
    },
    any: (name) => takeIf(name, () => true),
    rest: () => [...left],
  };
}

/** A text on one line, as titles and labels must be. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}

/** A person's name without a mail address: `Ana <a@b.org>` → `Ana`, `ana@b.org` → `ana`. */
export function withoutMail(name: string): string {
  const named = /^(.+?)\s*<[^<>\s]+@[^<>\s]+>$/.exec(name.trim());
  if (named?.[1] !== undefined) return named[1];
  const bare = /^<?([^@\s<>]+)@[^@\s<>]+\.[^@\s<>]+>?$/.exec(name.trim());
  return bare?.[1] ?? name;
}
