import type { Style } from '@jit/cli-kit/style';
import type { ImportOutput } from '@jit/contract/outputs/repository';

/** How many subjects of one line are named; all of them stand in the JSON. */
const NAMED = 5;

/** What an import did, field by field. */
export function renderImport(data: ImportOutput, style: Style): string {
  const { issues, gates, dependencies, comments, events } = data;
  const title = data.dry_run
    ? `would import from ${data.source} (nothing was changed)`
    : `imported from ${data.source}`;
  const states = Object.entries(data.states).map(([state, count]) => `${count} ${state}`);
  const lines = [
    style.bold(
      data.changed || data.dry_run ? title : `nothing new in ${data.source}: nothing was changed`,
    ),
    `issues: ${issues.read} read, ${issues.created} created, ${issues.unchanged} here before, ${issues.skipped} skipped`,
    states.length === 0 ? '' : `  ${states.join(' · ')}`,
    `dependencies: ${dependencies.read} read, ${dependencies.imported} imported, ${dependencies.linked} kept as links`,
    `gates: ${gates.read} read, ${gates.created} created, ${gates.unchanged} here before`,
    `comments: ${comments.read} read, ${comments.imported} imported`,
    `events: ${events.read} read, ${events.imported} imported`,
    ...section(
      'mapped',
      data.mapped.map((part) => ({ ...part, words: `${part.what} ${part.from} → ${part.to}` })),
    ),
    ...section(
      'skipped',
      data.skipped.map((part) => ({ ...part, words: `${part.what}: ${part.why}` })),
    ),
    ...section(
      'repaired',
      data.repaired.map((part) => ({ ...part, words: `${part.what}: ${part.how}` })),
    ),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

interface Part {
  readonly words: string;
  readonly count: number;
  readonly subjects: readonly string[];
}

function section(title: string, parts: readonly Part[]): string[] {
  if (parts.length === 0) return [];
  return [
    `${title}:`,
    ...parts.map(({ words, count, subjects }) => `  ${count} × ${words}${named(subjects)}`),
  ];
}

function named(subjects: readonly string[]): string {
  if (subjects.length === 0) return '';
  const more = subjects.length > NAMED ? `, … ${subjects.length - NAMED} more` : '';
  return ` (${subjects.slice(0, NAMED).join(', ')}${more})`;
}
