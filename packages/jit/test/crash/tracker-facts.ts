import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;

/** What the files of a tracker say, read without jit. Errors on any half file. */
export interface TrackerFacts {
  readonly issues: ReadonlyMap<string, Json>;
  readonly events: readonly Json[];
}

/** Reads every file of a `.jit`; a file that is not whole makes this throw. */
export function trackerFacts(folder: string): TrackerFacts {
  const issues = new Map(
    documents(join(folder, '.jit', 'issues')).map(({ name, text }) => [
      name,
      JSON.parse(text) as Json,
    ]),
  );
  const log = join(folder, '.jit', 'events');
  const events = readdirSync(log)
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(log, file), 'utf8');
      if (text !== '' && !text.endsWith('\n')) throw new Error(`${file} has a torn last line`);
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Json);
    });
  return { issues, events: events.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)) };
}

function documents(folder: string): { name: string; text: string }[] {
  return readdirSync(folder).map((file) => {
    if (!file.endsWith('.json')) throw new Error(`${file} is no document`);
    return { name: file.slice(0, -5), text: readFileSync(join(folder, file), 'utf8') };
  });
}

/**
 * Compares files and events: every issue was created, every state, edge and gate of a file is what
 * its events say, and no event speaks of a change that is not there. Returns what does not fit.
 */
export function mismatches({ issues, events }: TrackerFacts): string[] {
  const said = new Map<
    string,
    { state: string; edges: Set<string>; gates: Map<string, string>; title: unknown }
  >();
  const problems: string[] = [];
  const ids = events.map((event) => event.id);
  if (new Set(ids).size !== ids.length) problems.push('an event id stands twice');
  for (const event of events) {
    const issue = String(event.issue);
    if (event.type === 'issue_created') {
      said.set(issue, { state: 'open', edges: new Set(), gates: new Map(), title: event.title });
    }
    if (event.type === 'issue_deleted') said.delete(issue);
    const one = said.get(issue);
    if (one === undefined) continue;
    if (event.type === 'state_changed') {
      if (one.state !== event.from)
        problems.push(`${issue}: ${event.from} → ${event.to}, but it was ${one.state}`);
      one.state = String(event.to);
    }
    if (event.type === 'dependency_added') one.edges.add(String(event.depends_on));
    if (event.type === 'dependency_removed') one.edges.delete(String(event.depends_on));
    if (event.type === 'gate_passed') one.gates.set(String(event.gate), 'passed');
    if (event.type === 'gate_failed') one.gates.set(String(event.gate), 'failed');
  }
  for (const [id, issue] of issues) {
    const one = said.get(id);
    if (one === undefined) problems.push(`${id} has a file and no event`);
    else {
      if (one.state !== issue.state)
        problems.push(`${id} is ${issue.state}, its events say ${one.state}`);
      const gates = issue.gates as Record<string, { status: string }>;
      for (const [key, status] of one.gates) {
        if (gates[key]?.status !== status)
          problems.push(`${id}: gate ${key} is ${gates[key]?.status}, its events say ${status}`);
      }
    }
  }
  for (const id of said.keys()) if (!issues.has(id)) problems.push(`${id} has events and no file`);
  return problems;
}
