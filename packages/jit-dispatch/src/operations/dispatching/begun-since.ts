import { WISH_KEYS } from '@jit/contract/vocabulary';
import type { Run } from '../../ledger/run.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { FoundIssue } from '../finding/find-issues.ts';
import { MOST_RECORDS, type Stand } from './await-start.ts';
import type { SoundRequest } from './dispatch-request.ts';

/**
 * The run by which a request has come true before it was admitted: begun since the request came, whichever
 * process began it, by an agent that was asked for. Null where there is none, or where something was wished for
 * that it could not know.
 */
export async function begunSince(
  workbench: Pick<Workbench, 'readLedger'>,
  { site, issue, request }: Pick<FoundIssue, 'site' | 'issue'> & { request: SoundRequest },
  came: Stand,
): Promise<Run | null> {
  const { to, metadata, notBefore, priority } = request;
  const isMore =
    priority !== undefined || Object.keys(metadata).some((key) => key !== WISH_KEYS.to);
  if (notBefore !== null || isMore) return null;
  const ledger = await workbench.readLedger(site);
  const records = ledger?.recordsAfter(came.get(site) ?? 0, MOST_RECORDS) ?? [];
  const created = records.findLast((each) => each.type === 'created' && each.issue === issue.id);
  const run = created?.run == null ? null : (ledger?.find(created.run) ?? null);
  const isRefused = run?.state === 'lost' && run.attempt === null;
  if (run === null || isRefused) return null;
  return !to || run.agent === to ? run : null;
}
