import { isDeepStrictEqual } from 'node:util';

/** Keys whose values may hold what nobody else should read: only that they changed is said. */
const HIDDEN = /^(command|hook|notify|(poll_|cancel_)?url|inputs|env|rate_limit_pattern)$/;
const LONGEST = 60;

/**
 * What is different in a configuration as it is written, a line for each key: `max_concurrent: 2 → 3`.
 * Agents and repositories go by their names, not by their places.
 */
export function configChanges(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isTable(before) && isTable(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      HIDDEN.test(key) && !isListOfTables(after[key]) && !isDeepStrictEqual(before[key], after[key])
        ? [`${join(path, key)} changed`]
        : configChanges(before[key], after[key], join(path, key)),
    );
  }
  if (isListOfTables(before) && isListOfTables(after)) {
    const [old, fresh] = [byName(before), byName(after)];
    const changes = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
      const at = `${path}[${name}]`;
      if (!fresh.has(name)) return [`${at} removed`];
      return old.has(name) ? configChanges(old.get(name), fresh.get(name), at) : [`${at} added`];
    });
    return changes.length === 0 ? [`${path}: another order`] : changes;
  }
  const [from, to] = [shown(before), shown(after)];
  return [from === null || to === null ? `${path} changed` : `${path}: ${from} → ${to}`];
}

function byName(list: readonly Table[]): Map<string, Table> {
  return new Map(list.map((each, index) => [String(each.id ?? each.name ?? index), each]));
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** A plain value as people write it, or null for what is too much for a line. */
function shown(value: unknown): string | null {
  if (value === undefined) return 'none';
  if (isTable(value) || isListOfTables(value)) return null;
  const text = JSON.stringify(value);
  return text.length > LONGEST ? null : text;
}

type Table = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfTables(value: unknown): value is readonly Table[] {
  return Array.isArray(value) && value.every(isTable);
}
