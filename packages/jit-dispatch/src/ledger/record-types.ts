/**
 * Every kind of record in the ledger. Each is written, durably, before the side effect it names; the
 * crash tests kill dispatcher and keeper after each kind of this list.
 */
export const RECORD_TYPES = [
  'created',
  'dispatched',
  'not_prepared',
  'running',
  /** A run of an earlier process of this dispatcher, whose keeper lives, is watched by this one. */
  'adopted',
  /** Its processes are about to be stopped, or its keeper is about to be given up. */
  'stopping',
  /** What carries its marker although it ended is about to be stopped. */
  'swept',
  /** Its folder was there and the ledger did not know it. */
  'found',
  'stall_warned',
  'stall_notified',
  'settling',
  'completed',
  'failed',
  'timed_out',
  'stalled',
  'canceled',
  'lost',
  'gating',
  'account_paused',
  'escalating',
  'escalated',
  'notified',
  /** The workspace of its issue is about to be removed. */
  'removing_workspace',
  /** Its commits are to become a pull request. */
  'pull_request_queued',
  /** It is open, or was merged already. */
  'pull_request_opened',
  /** It was given up. */
  'pull_request_failed',
  /** A person's order is about to be carried out. */
  'ordered',
  'order_ended',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];
