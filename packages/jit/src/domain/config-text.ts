/** Where a key stands in the text of a configuration: line numbers from 0. */
interface Place {
  /** The line of the key, or null. */
  readonly line: number | null;
  /** Where a new line of its table goes, or null where there is no such table. */
  readonly insertAt: number | null;
}

const TABLE = /^\s*\[\s*([^[\]]+?)\s*\]\s*(#.*)?\r?$/;
const ANY_TABLE = /^\s*\[/;

/**
 * The text with a key of a table set to a value that is TOML already: one line is changed or added,
 * all others stay as they are. The caller parses the result: a layout that this can't see through
 * (inline tables, values over several lines) shows there.
 */
export function withSetting(text: string, key: string, value: string): string {
  const [table, name] = split(key);
  const cr = text.includes('\r\n') ? '\r' : '';
  const lines = linesOf(text);
  const place = find(lines, table, name);
  const line = `${name} = ${value}${cr}`;
  if (place.line !== null) {
    const old = lines[place.line] ?? '';
    lines[place.line] = `${old.slice(0, old.indexOf('=') + 1)} ${value}${commentOf(old)}${cr}`;
  } else if (place.insertAt !== null) lines.splice(place.insertAt, 0, line);
  else lines.push(...(lines.length > 0 ? [cr] : []), `[${table}]${cr}`, line);
  return lines.map((each) => `${each}\n`).join('');
}

/** The text without the line of a key. */
export function withoutSetting(text: string, key: string): string {
  const [table, name] = split(key);
  const lines = linesOf(text);
  const { line } = find(lines, table, name);
  if (line === null) return text;
  lines.splice(line, 1);
  return lines.map((each) => `${each}\n`).join('');
}

/** True if a configuration says nothing but its schema: nothing has to be parsed then. */
export function saysNothing(text: string): boolean {
  return text
    .split('\n')
    .every((line) => /^\s*(#.*)?\r?$/.test(line) || /^schema\s*=\s*1\s*(#.*)?\r?$/.test(line));
}

/** The line of a key, counted from 1, or null where it can't be told. */
export function lineOfKey(text: string, key: string): number | null {
  const dot = key.lastIndexOf('.');
  const { line } = find(linesOf(text), dot < 0 ? '' : key.slice(0, dot), key.slice(dot + 1));
  return line === null ? null : line + 1;
}

function find(lines: readonly string[], table: string, name: string): Place {
  let inside = table === '';
  let insertAt: number | null = inside ? 0 : null;
  for (const [at, text] of lines.entries()) {
    if (ANY_TABLE.test(text)) {
      inside = bare(TABLE.exec(text)?.[1] ?? '') === table;
      if (inside) insertAt = at + 1;
      continue;
    }
    const key = bare(/^\s*([^=#]+?)\s*=/.exec(text)?.[1] ?? '');
    if (inside && key === name) return { line: at, insertAt };
    if (insertAt !== null && inside && text.trim() !== '') insertAt = at + 1;
    if (!lines.slice(0, at).some((line) => ANY_TABLE.test(line)) && key === `${table}.${name}`)
      return { line: at, insertAt };
  }
  return { line: null, insertAt };
}

/** A dotted key without quotes and blanks around its parts. */
function bare(key: string): string {
  return key
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');
}

function split(key: string): readonly [string, string] {
  const dot = key.lastIndexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The comment at the end of a line, with the blanks before it. */
function commentOf(line: string): string {
  const value = line.slice(line.indexOf('=') + 1).trimEnd();
  const match = /^\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^#"']*?)(\s*#.*)$/.exec(value);
  return match?.[1] ?? '';
}
