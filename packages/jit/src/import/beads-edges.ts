import { edgeKind } from './beads-words.ts';
import { isEmpty, isFields } from './fields.ts';
import { Links } from './links.ts';
import type { Report } from './report.ts';
import type { EdgeCount } from './source.ts';

/** The edges of one issue, sorted into what holds it back and what only points somewhere. */
export interface BeadsEdges {
  readonly dependencies: readonly string[];
  readonly parents: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly count: EdgeCount;
  /** Entries with facts of their own, as they stand in the source. */
  readonly kept: readonly unknown[];
}

/**
 * Maps the `dependencies` of an issue. Only a blocking edge to an issue that comes over becomes a
 * dependency; every other one becomes a link, so that its target stays known.
 */
export function mapBeadsEdges(
  id: string,
  entries: readonly unknown[],
  isKnown: (id: string) => boolean,
  report: Report,
): BeadsEdges {
  const links = new Links();
  const dependencies: string[] = [];
  const parents: string[] = [];
  const kept: unknown[] = [];
  let linked = 0;
  for (const entry of entries) {
    const edge = readEdge(id, entry, report);
    if (edge === null) {
      kept.push(entry);
      continue;
    }
    const { target, kind, name } = edge;
    if (edge.hasFacts) kept.push(entry);
    if (target === id) {
      report.skipped('dependency', 'the issue would wait for itself', id);
    } else if (kind === 'dependency' && isKnown(target)) {
      report.mapped('dependency', edge.type, 'dependency');
      dependencies.push(target);
    } else {
      const link = linkName(edge);
      if (!isKnown(target)) reportUnknown(id, edge, link, report);
      else report.mapped('dependency', edge.type, `link ${link}`);
      if (kind === 'parent' && isKnown(target)) parents.push(target);
      links.add(link, target);
      linked += 1;
    }
    if (name !== edge.type) report.repaired('dependency type', `${edge.type} read as ${name}`, id);
  }
  const count = { imported: dependencies.length, linked };
  return { dependencies, parents, links: links.toRecord(), count, kept };
}

interface Edge {
  readonly target: string;
  readonly type: string;
  readonly kind: 'dependency' | 'parent' | 'link';
  readonly name: string;
  readonly hasFacts: boolean;
}

function readEdge(id: string, entry: unknown, report: Report): Edge | null {
  if (!isFields(entry) || typeof entry.depends_on_id !== 'string' || entry.depends_on_id === '') {
    report.skipped('dependency', 'it names no target; metadata beads.dependencies keeps it', id);
    return null;
  }
  if (typeof entry.issue_id === 'string' && entry.issue_id !== id) {
    report.repaired(
      'dependency',
      'its issue_id is another one; it belongs to the issue it stands in',
      id,
    );
  }
  const given = typeof entry.type === 'string' ? entry.type.trim() : '';
  if (given === '') report.repaired('dependency', 'without a type it counts as blocks', id);
  const type = given === '' ? 'blocks' : given;
  for (const field of ['created_at', 'created_by']) {
    if (isEmpty(entry[field])) continue;
    report.skipped('field of a dependency', 'edges have no fields of their own here', field);
  }
  const hasFacts = Object.entries(entry).some(
    ([field, value]) => !PLAIN_FIELDS.has(field) && !isEmpty(value) && value !== '{}',
  );
  if (hasFacts)
    report.mapped(
      'field of a dependency',
      'metadata, thread_id, …',
      'metadata beads.dependencies',
      id,
    );
  return { target: entry.depends_on_id, type, ...edgeKind(type), hasFacts };
}

const PLAIN_FIELDS = new Set(['issue_id', 'depends_on_id', 'type', 'created_at', 'created_by']);

function linkName(edge: Edge): string {
  if (edge.kind === 'parent') return 'parent';
  return edge.kind === 'dependency' ? 'depends-on' : edge.name;
}

function reportUnknown(id: string, edge: Edge, link: string, report: Report): void {
  const why = edge.target.startsWith('external:')
    ? 'its target is in another tracker'
    : 'its target does not come over';
  const effect = edge.kind === 'dependency' ? '; nothing waits for it' : '';
  report.skipped('dependency', `${why}: kept as link ${link}${effect}`, `${id} → ${edge.target}`);
}
