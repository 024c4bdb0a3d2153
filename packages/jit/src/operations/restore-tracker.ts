import type { ImportOutput } from '@jit/contract/outputs/repository';
import { newRecord } from '../domain/claims.ts';
import type { Gate } from '../domain/gate.ts';
import { openGates } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { doneWithOpenGate } from '../domain/validation/done-with-open-gate.ts';
import { refuseCaseClash, refuseCycles } from '../import/check-plan.ts';
import { type JitContent, sameGate, sameIssue } from '../import/jit-content.ts';
import { newReport, type Report } from '../import/report.ts';
import { withoutUnpassed } from '../import/unpassed-gates.ts';
import type { ReadTx, Store, WriteTx } from '../store/store.ts';
import { findGate } from './gate-definitions.ts';
import type { ImportRequest } from './import-issues.ts';

/** What became of the configuration of the source. */
export type ConfigFate = 'none' | 'same' | 'written' | 'skipped';

/**
 * Takes another tracker of jit over in one write, everything as it is there. What is here already
 * stays: a second run changes nothing; an issue or gate that differs is named and left, with its
 * events. Errors, exit 4, nothing written: CYCLE, ID_CASE_CLASH, UNREADABLE.
 */
export function restoreTracker(
  store: Store,
  content: JitContent,
  config: ConfigFate,
  request: ImportRequest,
): ImportOutput {
  if (request.dryRun)
    return store.read((tx) => toOutput(content, decide(tx, content, config), request));
  return store.write((tx) => {
    const decision = decide(tx, content, config);
    apply(tx, decision, request.actor);
    return toOutput(content, decision, request);
  });
}

interface Decision extends JitContent {
  /** Issues of the source that are here with other content. */
  readonly different: number;
  readonly configFate: ConfigFate;
  readonly report: Report;
}

function decide(tx: ReadTx, content: JitContent, configFate: ConfigFate): Decision {
  refuseUnreadable(tx, content);
  const here = new Map(tx.filed().map((issue) => [issue.id, issue]));
  const gatesHere = tx.gates();
  const ids = content.issues.map(({ id }) => id);
  refuseCaseClash(ids, here.keys());
  const keys = content.gates.map(({ key }) => key);
  refuseCaseClash(
    keys,
    gatesHere.map(({ key }) => key),
  );
  const report = newReport();
  const sound = withHeldGates(content, gatesHere, report);
  const created = sound.filter(({ id }) => !here.has(id));
  refuseCycles(new Map([...here, ...created.map((issue) => [issue.id, issue] as const)]));
  const different = new Set<string>();
  for (const issue of sound) {
    const other = here.get(issue.id);
    if (other === undefined || sameIssue(issue, other)) continue;
    different.add(issue.id);
    report.skipped('issue', 'one with this id and other content is here: it stays', issue.id);
  }
  for (const gate of content.gates) {
    const other = tx.gate(gate.key);
    if (other === undefined || sameGate(gate, other)) continue;
    report.skipped('gate', 'one with this key is defined otherwise here: it stays', gate.key);
  }
  if (configFate === 'skipped')
    report.skipped('settings', 'this tracker has some of its own: they stay', 'config.toml');
  const known = new Set(tx.events({}).map(({ id }) => id));
  const events = content.events.filter(({ id, issue }) => {
    if (known.has(id)) return false;
    if (issue === null || !different.has(issue)) return true;
    report.skipped('event', 'its issue is here with other content', issue);
    return false;
  });
  return {
    issues: created,
    gates: content.gates.filter(({ key }) => tx.gate(key) === undefined),
    events,
    config: content.config,
    different: different.size,
    configFate,
    report,
  };
}

/** A file that can't be read may hold one of these issues or gates: it is never overwritten. */
function refuseUnreadable(tx: ReadTx, content: JitContent): void {
  const planned = new Set(content.issues.map(({ id }) => id));
  for (const { path, subject } of tx.unreadable()) {
    if (path.startsWith('issues/') && planned.has(subject)) tx.issue(subject);
  }
  for (const { key } of content.gates) findGate(tx, key);
}

/**
 * Exit gates hold on this way to done as well: an issue that was done without them and not forced
 * keeps none that is not passed, as with the other imports; metadata says which.
 */
function withHeldGates(
  content: JitContent,
  gatesHere: readonly Gate[],
  report: Report,
): readonly Issue[] {
  // A definition that is here already stays: what it says of an issue counts.
  const gates = new Map([...content.gates, ...gatesHere].map((gate) => [gate.key, gate]));
  const found = doneWithOpenGate({ issues: content.issues, gates, events: content.events });
  const wrong = new Set(found.map(({ subject }) => subject));
  return content.issues.map((issue) => {
    if (!wrong.has(issue.id)) return issue;
    const open = openGates(issue, 'done', (key) => gates.get(key));
    return withoutUnpassed(issue, open, 'jit', report);
  });
}

function apply(tx: WriteTx, { issues, gates, events }: Decision, actor: string): void {
  const begun = new Set<unknown>();
  const defined = new Set<unknown>();
  for (const event of events) {
    if (event.type === 'issue_created' || event.type === 'issue_imported') begun.add(event.issue);
    if (event.type === 'gate_defined') defined.add(event.gate);
    tx.restoreEvent(event);
  }
  for (const gate of gates) {
    tx.putGate(gate);
    const { key, stage, mode } = gate;
    if (defined.has(key)) continue;
    tx.emit({ type: 'gate_defined', issue: null, actor, gate: key, stage, mode, source: 'jit' });
  }
  for (const issue of issues) {
    tx.restore(issue);
    keepClaim(tx, issue);
    const { id, title, state } = issue;
    // Its log may lack the beginning: nothing comes into being without an event.
    if (begun.has(id) || tx.events({ issue: id }).some(({ type }) => type === 'issue_imported'))
      continue;
    tx.emit({ type: 'issue_imported', issue: id, actor, source: 'jit', title, state });
  }
}

/** A claim of this very tracker whose record is gone runs one full term from now on; others do not expire here. */
function keepClaim(tx: WriteTx, issue: Issue): void {
  const { claim, id } = issue;
  if (claim === null || claim.origin !== tx.origin || tx.record(id) !== undefined) return;
  const record = newRecord(issue, {
    assignee: issue.assignee ?? 'unknown',
    tokenHash: claim.token_hash,
    ttlSecs: claim.ttl_secs,
    now: tx.instant,
  });
  tx.putRecord({ ...record, since: claim.since });
}

function toOutput(content: JitContent, decision: Decision, request: ImportRequest): ImportOutput {
  const { issues, gates, events, different, configFate, report } = decision;
  const states: Record<string, number> = {};
  for (const { state } of issues) states[state] = (states[state] ?? 0) + 1;
  const edges = (of: readonly Issue[]) =>
    of.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  const isComment = ({ type }: { type: string }) => type === 'comment_added';
  const isNew = issues.length + gates.length + events.length > 0 || configFate === 'written';
  const { mapped, skipped, repaired } = report.parts();
  const spread = <T extends { subjects: readonly string[] }>(parts: readonly T[]) =>
    parts.map((part) => ({ ...part, subjects: [...part.subjects] }));
  return {
    source: 'jit',
    dry_run: request.dryRun,
    changed: isNew && !request.dryRun,
    issues: {
      read: content.issues.length,
      created: issues.length,
      unchanged: content.issues.length - issues.length - different,
      skipped: different,
    },
    gates: {
      read: content.gates.length,
      created: gates.length,
      unchanged: content.gates.length - gates.length,
    },
    dependencies: { read: edges(content.issues), imported: edges(issues), linked: 0 },
    comments: {
      read: content.events.filter(isComment).length,
      imported: events.filter(isComment).length,
    },
    events: { read: content.events.length, imported: events.length },
    states,
    mapped: spread(mapped),
    skipped: spread(skipped),
    repaired: spread(repaired),
  };
}
