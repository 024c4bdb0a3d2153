import { kindOf } from './check-kinds.ts';
import type { Problem } from './problem.ts';

type Document = Readonly<Record<string, unknown>>;

/** A forge asks for few requests: it is not looked at more often. */
const LEAST_POLL_SECS = 60;
/** Renewing a lease is a write, with all that forges do about it. */
const LEASE_SECS = 3600;

/**
 * The document with the defaults that are others where issues come from a forge: fewer looks, longer leases; and programs
 * finish by their exit code, as they have no token of their own. What is written stays.
 */
export function withForgeDefaults(document: Document): {
  readonly document: Document;
  readonly remarks: readonly Problem[];
} {
  const kinds = kindsOf(document);
  if (!kinds.some(isForge)) return { document, remarks: [] };
  const { poll_interval_secs: poll, lease_secs = LEASE_SECS } = document;
  const isTooOften = typeof poll === 'number' && poll >= 1 && poll < LEAST_POLL_SECS;
  const message = `${poll} s is too often for a forge: it is looked at every ${LEAST_POLL_SECS} s`;
  return {
    document: {
      ...document,
      poll_interval_secs: poll === undefined || isTooOften ? LEAST_POLL_SECS : poll,
      lease_secs,
      // Where some issues are those of jit, it has to be said for each agent.
      ...(kinds.every(isForge) ? { agents: withCompletion(document.agents) } : {}),
    },
    remarks: isTooOften ? [{ path: ['poll_interval_secs'], message }] : [],
  };
}

/** Whose issues are dispatched: as each repository says, else as the tracker does. */
function kindsOf({ tracker, repositories }: Document): readonly unknown[] {
  const kindOf = (table: unknown): unknown => asTable(table)?.kind ?? 'jit';
  return Array.isArray(repositories) && repositories.length > 0
    ? repositories.map(kindOf)
    : [kindOf(tracker)];
}

function isForge(kind: unknown): boolean {
  return kind === 'github' || kind === 'gitea';
}

function withCompletion(agents: unknown): unknown {
  if (!Array.isArray(agents)) return agents;
  return agents.map((agent: unknown) => {
    const table = asTable(agent);
    // What is no program here is seen to end as everywhere, and a person can only finish the issue itself.
    return table === null || kindOf(table) !== 'command' ? agent : { completion: 'exit', ...table };
  });
}

function asTable(value: unknown): Document | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Document)
    : null;
}
