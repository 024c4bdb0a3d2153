/**
 * Every kind of record in the ledger. Each is written, durably, before the side effect it names; the
 * crash tests kill dispatcher and keeper after each kind of this list.
 */
export const RECORD_TYPES = [
  'created',
  'dispatched',
  'not_prepared',
  'running',
  'settling',
  'completed',
  'failed',
  'timed_out',
  'stalled',
  'canceled',
  'lost',
  'escalating',
  'escalated',
  'notified',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];
