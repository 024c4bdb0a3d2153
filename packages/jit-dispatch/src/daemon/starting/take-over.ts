import type { AgentConfig } from '../../config/config.ts';
import type { Run } from '../../ledger/run.ts';
import type { AssignmentRecord } from '../../run-records.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { noteStopping } from '../watching/note-stopping.ts';

/** So many of the latest runs of an issue are looked at. */
const LATEST = 20;

/**
 * What earlier runs of an issue left with agents elsewhere, because their processes died: the agent that gets
 * it again goes on with its own, and from every other agent it is taken back.
 */
export function takeOver(
  dispatcher: Dispatcher,
  { run, issue }: Pick<Run, 'run' | 'issue'>,
  { id, kind }: AgentConfig,
): AssignmentRecord | null {
  const { host, ledger, log } = dispatcher;
  const known = new Set<string>();
  let earlier: AssignmentRecord | null = null;
  for (const { run: other, agent } of ledger.runs({ issue, limit: LATEST })) {
    const left = other === run ? null : host.assignment(other);
    // Of what several runs went on with, the latest knows how it stands.
    if (left === null || known.has(left.key)) continue;
    known.add(left.key);
    if (left.is === 'over') continue;
    if (left.agent === id && left.kind === kind) {
      earlier ??= left;
      continue;
    }
    const message = `its work is taken back: ${id} gets the issue now`;
    if (!noteStopping(dispatcher, { run: other }, 'passed_on')) continue;
    log({ level: 'info', event: 'withdraw', message, issue, agent, run: other });
    host.withdraw(other);
  }
  return earlier;
}
