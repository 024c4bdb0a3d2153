import type { Finding } from './finding.ts';
import type { TrackerFacts } from './tracker-facts.ts';

/** Ids and gate keys that differ only in case: on many file systems they are one file. */
export function caseClashes({ names, gates }: TrackerFacts): readonly Finding[] {
  return [...clashes('issue', names), ...clashes('gate', gates.keys())];
}

function clashes(kind: string, names: Iterable<string>): readonly Finding[] {
  const first = new Map<string, string>();
  const found: Finding[] = [];
  for (const name of names) {
    const lower = name.toLowerCase();
    const other = first.get(lower);
    if (other === undefined) first.set(lower, name);
    else found.push(clash(kind, other, name));
  }
  return found;
}

function clash(kind: string, other: string, name: string): Finding {
  return {
    code: 'CASE_CLASH',
    severity: 'error',
    subject: name,
    message: `${kind} ${other} and ${kind} ${name} differ only in case`,
    fix: 'Give one of them another name: on some file systems they are the same file.',
  };
}
