import { createHash } from 'node:crypto';
import { JitError, usageError } from '@jit/contract/errors';
import type { Forge, ForgeComment } from '../forge/forge.ts';
import { notFound } from './errors.ts';
import { type Marker, withMarker } from './reading/marker.ts';
import type { ForgeRules } from './reading/rules.ts';
import type { SeenIssue } from './reading/to-issue.ts';
import type { View } from './view.ts';

/** What calls work with. */
export interface Desk {
  readonly forge: Forge;
  readonly view: View;
  readonly rules: () => ForgeRules;
  /** Told where a test may end the program. */
  readonly step: (name: string) => void;
}

/** An issue that is there, as it is now; what an earlier write left half done is finished first. */
export async function mustLook(desk: Desk, id: string): Promise<SeenIssue> {
  const number = /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null;
  const seen = number === null ? null : await desk.view.look(number);
  if (seen === null) throw notFound(id);
  return finishPending(desk, seen);
}

/** Writes a comment, and gives the issue with it. */
export async function say(
  { forge, view }: Desk,
  { issue, log }: SeenIssue,
  { text, marker }: { readonly text: string; readonly marker: Marker },
): Promise<{ readonly seen: SeenIssue; readonly comment: ForgeComment }> {
  view.forget(issue.number);
  const comment = await forge.addComment(issue.number, withMarker(text, marker));
  view.learn(comment.created_at);
  view.forget(issue.number);
  return { seen: await view.reread(issue, [...log.entries, comment]), comment };
}

/** What stands in comments in place of a token. */
export function hashToken(token: string): string {
  if (!/^[\x21-\x7e]{16,256}$/.test(token))
    throw usageError('a claim token has 16 to 256 characters, without spaces');
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Puts labels on that were to come with a comment, where the writer ended in between. Failing, it is left to the
 * next look: the labels count already.
 */
async function finishPending(desk: Desk, seen: SeenIssue): Promise<SeenIssue> {
  const { forge, view } = desk;
  const { issue, log } = seen;
  if (log.pendingLabels.length === 0) return seen;
  try {
    for (const name of log.pendingLabels) await forge.addLabel(issue.number, labelOf(name));
    for (const { id, marker, text } of log.entries)
      if (marker?.kind === 'comment' && marker.is_pending)
        await forge.editComment(id, withMarker(text, { ...marker, is_pending: false }));
    view.forget(issue.number);
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
  }
  return seen;
}

/** How a label looks where the repository has none of the name. */
export function labelOf(name: string) {
  return { name, color: '5319e7', description: 'set by jit-dispatch' };
}
