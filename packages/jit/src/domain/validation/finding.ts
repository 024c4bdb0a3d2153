/** The closed list of what `validate` can find. */
export type FindingCode =
  | 'UNREADABLE_FILE'
  | 'CONFIG_INVALID'
  | 'CASE_CLASH'
  | 'CYCLE'
  | 'DANGLING_EDGE'
  | 'DUPLICATE_EDGE'
  | 'UNKNOWN_GATE'
  | 'DONE_WITH_OPEN_GATE'
  | 'IN_PROGRESS_WITHOUT_CLAIM'
  | 'CLAIM_WITHOUT_LEASE'
  | 'CLAIM_UNDONE_BY_GIT'
  | 'DOUBLE_CLAIM'
  | 'DELETED_AND_EDITED'
  | 'MERGE_CONFLICT_FIELDS'
  | 'ORPHAN_EVENT'
  | 'BAD_EVENT_LINE'
  | 'TORN_EVENT_LINE'
  | 'PENDING_WRITE'
  | 'INDEX_DRIFT';

/** Something that is wrong with the tracker. Errors stop work from being right, warnings do not. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  /** The issue, gate or file that it is about. */
  readonly subject: string;
  readonly message: string;
  /** What to do about it, in words. */
  readonly fix: string;
}
