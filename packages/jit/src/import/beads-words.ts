import type { Priority, StoredState } from '@jit/contract/vocabulary';

/** What a beads status becomes. */
export interface MappedStatus {
  readonly state: StoredState;
  /** A label that keeps what the state alone does not say. */
  readonly label: string | null;
  /** Set where somebody should look at the issue: what it was, and what it became. */
  readonly note: { readonly from: string; readonly to: string } | null;
}

/** A word must stand alone or be followed by a sentence break, else it describes the work that was done. */
const ALONE = String.raw`(?=\s*[:.;,(!]|\s+[–—-]\s|\s*$)`;

/** `close_reason` policy: closed for one of these reasons is rejected, for any other reason done. */
const REJECTED_REASONS: readonly (readonly [string, RegExp])[] = [
  ['duplicate', new RegExp(`^(duplicates? (of|bead|issue|task)\\b|duplicated?${ALONE})`, 'i')],
  ['superseded', new RegExp(`^superseded( by\\b|${ALONE})`, 'i')],
  ["won't fix", /^(wont|won['’]t|will not)[ -]?(fix|do|be (done|fixed))\b/i],
  ['obsolete', new RegExp(`^obsoleted?( by\\b|${ALONE})`, 'i')],
  ['out of scope', /^out of scope\b/i],
  ['not planned', /^not[ _-]planned\b/i],
  ['not needed', /^(no longer|not) (needed|relevant|required|applicable)\b/i],
  ['as designed', /^((works )?as (designed|intended)|by design|not a bug)\b/i],
  ['not reproducible', /^(can ?not|can['’]t|could not) reproduce\b/i],
  ['canceled', new RegExp(`^(cancell?ed|abandoned|rejected|declined|invalid|stale)${ALONE}`, 'i')],
];

/** The reason word by which a closed issue counts as rejected, or null if it was done. */
export function rejectedReason(closeReason: string): string | null {
  const text = closeReason.trim();
  return REJECTED_REASONS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** Maps a status by table; `facts` are the fields of the same issue that decide with it. */
export function mapStatus(
  status: string,
  facts: { readonly closeReason: string; readonly closed: boolean; readonly deferred: boolean },
): MappedStatus {
  const plain = (state: StoredState): MappedStatus => ({ state, label: null, note: null });
  switch (status.toLowerCase().replaceAll('-', '_')) {
    case '':
      return facts.closed
        ? { ...plain('done'), note: { from: '(no status, but closed_at)', to: 'done' } }
        : { ...plain('open'), note: { from: '(no status)', to: 'open' } };
    case 'open':
      return plain('open');
    case 'blocked':
      return { ...plain('open'), note: { from: 'blocked', to: 'open: what blocks is computed' } };
    case 'in_progress':
    case 'hooked':
      return { ...plain('in_progress'), note: { from: status, to: 'in_progress without a claim' } };
    case 'deferred':
      return facts.deferred
        ? { ...plain('open'), note: { from: 'deferred', to: 'open with defer_until' } }
        : {
            state: 'open',
            label: 'deferred',
            note: { from: 'deferred without a date', to: 'open with the label deferred' },
          };
    case 'pinned':
      return {
        state: 'open',
        label: 'pinned',
        note: { from: 'pinned', to: 'open with the label pinned' },
      };
    case 'closed':
      return mapClosed(facts.closeReason);
    case 'tombstone':
      return {
        state: 'rejected',
        label: 'tombstone',
        note: { from: 'tombstone', to: 'rejected with the label tombstone' },
      };
    default: {
      const state = facts.closed ? 'done' : 'open';
      const label = `status:${status}`;
      return { state, label, note: { from: status, to: `${state} with the label ${label}` } };
    }
  }
}

function mapClosed(closeReason: string): MappedStatus {
  const reason = rejectedReason(closeReason);
  if (reason === null) return { state: 'done', label: null, note: null };
  return {
    state: 'rejected',
    label: null,
    note: { from: `closed, close_reason ${reason}`, to: 'rejected' },
  };
}

const PRIORITY_OF_NUMBER: readonly Priority[] = ['critical', 'high', 'normal', 'low', 'low'];

/** Maps a priority number, also as `"2"` or `"P2"`; null where it is none of 0 to 4. */
export function mapPriority(value: unknown): Priority | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const digit = /^[Pp]?([0-4])$/.exec(text.trim())?.[1];
  return digit === undefined ? null : (PRIORITY_OF_NUMBER[Number(digit)] ?? null);
}

const TYPE_ALIASES: Readonly<Record<string, string>> = {
  enhancement: 'feature',
  feat: 'feature',
  dec: 'decision',
  adr: 'decision',
  mol: 'molecule',
  mr: 'merge-request',
  investigation: 'spike',
  timebox: 'spike',
  'user-story': 'story',
  user_story: 'story',
  ms: 'milestone',
};

/** The usual name of an issue type; unknown ones stay as they are. */
export function normaliseType(type: string): string {
  const name = type.trim().toLowerCase();
  return Object.hasOwn(TYPE_ALIASES, name) ? (TYPE_ALIASES[name] ?? name) : name;
}

/** How an edge comes over: as a dependency, as the link to a parent, or as a plain link. */
export type EdgeKind = 'dependency' | 'parent' | 'link';

const DEPENDENCY_TYPES = new Set(['blocks', 'blocked-by', 'conditional-blocks', 'waits-for']);

/** Sorts an edge type, in any of its spellings (`parent_child`, `blocked_by`), into a kind. */
export function edgeKind(type: string): { readonly kind: EdgeKind; readonly name: string } {
  const name = type.trim().toLowerCase().replaceAll('_', '-');
  if (DEPENDENCY_TYPES.has(name)) return { kind: 'dependency', name };
  return { kind: name === 'parent-child' ? 'parent' : 'link', name };
}
