/** A place in a TOML document: `['agents', 1, 'capacity']`. */
export type KeyPath = readonly (string | number)[];

/**
 * The line of a key, counted from 1. A key that is not written there gives the line of the table
 * it belongs to; null when that is not found either.
 */
export function locateKey(text: string, path: KeyPath): number | null {
  const seen = new Map<string, number>();
  const tables = new Map<string, number>();
  let table = '';
  text.split(/\r?\n/).forEach((line, index) => {
    const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?/.exec(line);
    if (header) {
      const name = numbered(unquote(header[2] ?? ''), tables);
      const number = tables.get(name) ?? 0;
      if (header[1] === '[[') tables.set(name, number + 1);
      table = header[1] === '[[' ? `${name}.${number}` : name;
      note(seen, table, index + 1);
      return;
    }
    const key = /^\s*([^=#]+?)\s*=/.exec(line)?.[1];
    if (key !== undefined) note(seen, join(table, unquote(key)), index + 1);
  });
  for (let length = path.length; length > 0; length -= 1) {
    const line = seen.get(path.slice(0, length).join('.'));
    if (line !== undefined) return line;
  }
  return null;
}

/** How a key is called in a message: `agents[1].capacity`. */
export function keyName(path: KeyPath): string {
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : join(name, part)),
    '',
  );
}

/** The name of a table below lists of tables: each of those means its latest element. */
function numbered(name: string, tables: ReadonlyMap<string, number>): string {
  const parts = name.split('.');
  return parts.reduce((path, part, index) => {
    const next = join(path, part);
    const count = tables.get(next);
    return count === undefined || index === parts.length - 1 ? next : `${next}.${count - 1}`;
  }, '');
}

function note(lines: Map<string, number>, key: string, line: number): void {
  if (!lines.has(key)) lines.set(key, line);
}

function unquote(key: string): string {
  return key
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');
}

function join(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}
