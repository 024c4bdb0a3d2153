import type { FindingCode } from './finding.ts';

/** What `validate --fix` does about a kind of finding. */
export type Mending =
  /** It is mended: nothing that anybody said gets lost by it. */
  | { readonly kind: 'fixed'; readonly how: string }
  /** Somebody has to decide, or to look. */
  | { readonly kind: 'left'; readonly why: string };

/** For each code of finding, what `--fix` does about it. A new code needs a line here. */
export const MENDINGS: Readonly<Record<FindingCode, Mending>> = {
  UNREADABLE_FILE: left(
    'a file that can not be read is never written: it may hold what nothing else holds',
  ),
  CONFIG_INVALID: left('what a setting is to be is for a person to say'),
  CASE_CLASH: left('which of the two is to be renamed is for a person to say'),
  CYCLE: left('which of the edges is one too many is for a person to say'),
  DANGLING_EDGE: fixed('the edge is taken out: what does not exist can not be waited for'),
  UNKNOWN_GATE: left('whether the gate is to be defined or taken off is for a person to say'),
  DONE_WITH_OPEN_GATE: left('neither a pass nor a reopening may be made up'),
  DUPLICATE_EDGE: fixed('the dependency is written once'),
  CLAIM_UNDONE_BY_GIT: left('the claim holds, and its holder writes it again'),
  IN_PROGRESS_WITHOUT_CLAIM: left('somebody may be at work on it without a claim'),
  CLAIM_WITHOUT_LEASE: left('only its holder knows whether the work goes on'),
  MERGE_CONFLICT_FIELDS: fixed('the values that lost go into the log, as merge_conflict events'),
  DOUBLE_CLAIM: fixed('the claim that lost goes into the log, as a merge_conflict event'),
  DELETED_AND_EDITED: left('whether the issue stays or goes is for a person to say'),
  ORPHAN_EVENT: left('the log is never cut, and the file may come back'),
  BAD_EVENT_LINE: left('the log is never rewritten'),
  TORN_EVENT_LINE: fixed('the line gets its end, and counts'),
  PENDING_WRITE: fixed('it is tried again'),
  INDEX_DRIFT: fixed('the index follows the file'),
};

function fixed(how: string): Mending {
  return { kind: 'fixed', how };
}

function left(why: string): Mending {
  return { kind: 'left', why };
}
