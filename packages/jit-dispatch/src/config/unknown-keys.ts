import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import type { Problem } from './check-agents.ts';
import type { KeyPath } from './locate-key.ts';
import { AgentTable, DispatchFile, LATER_KEYS } from './schema.ts';

interface Table {
  readonly path: KeyPath;
  readonly keys: readonly string[];
  readonly known: readonly string[];
}

/** Keys nobody reads: `later` are those of a version to come, `unknown` the others. */
export async function findUnknownKeys(
  document: Readonly<Record<string, unknown>>,
): Promise<{ later: Problem[]; unknown: Problem[] }> {
  const later: Problem[] = [];
  const unknown: Problem[] = [];
  for (const { path, keys, known } of tablesOf(document)) {
    for (const key of keys.filter((each) => !known.includes(each))) {
      const at = [...path, key];
      if (LATER_KEYS.includes(key))
        later.push({ path: at, message: 'is not supported by this version' });
      else {
        const nearest = await suggest(key, known);
        unknown.push({
          path: at,
          message: `unknown key, ignored; ${didYouMean(nearest, 'see dispatch.toml.example')}`,
        });
      }
    }
  }
  return { later, unknown };
}

function tablesOf(document: Readonly<Record<string, unknown>>): Table[] {
  const { tracker, agents } = DispatchFile.shape;
  const tables: Table[] = [
    { path: [], keys: Object.keys(document), known: Object.keys(DispatchFile.shape) },
  ];
  if (isTable(document.tracker))
    tables.push({
      path: ['tracker'],
      keys: Object.keys(document.tracker),
      known: Object.keys(tracker.unwrap().shape),
    });
  if (agents && Array.isArray(document.agents))
    document.agents.forEach((agent: unknown, index) => {
      if (isTable(agent))
        tables.push({
          path: ['agents', index],
          keys: Object.keys(agent),
          known: Object.keys(AgentTable.shape),
        });
    });
  return tables;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
