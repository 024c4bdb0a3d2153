import { FAILURE_CLASSES } from '@jit/contract/vocabulary';
import { z } from 'zod';

const Time = z.iso.datetime({ offset: true });

/** A claim. How long it lasts is told by the forge: a whole term from the last change of its comment; null: until it is ended. */
const Claim = z.object({
  kind: z.literal('claim'),
  agent: z.string().min(1),
  /** SHA-256 of the token, in hexadecimal digits. */
  token: z.string().length(64),
  attempt: z.int().min(1),
  ttl_secs: z.number().positive().nullable(),
  by: z.string(),
  /** The comment of the claim that it goes on with, after its lease had ended. */
  resumes: z.int().nullable().default(null),
  /** How often its lease was renewed: renewing changes the comment. */
  renewed: z.int().default(0),
  /** The lease that its last renewal found; null: it was not renewed, or had no end until then. */
  renews: z.object({ until: Time, ttl_secs: z.number().positive() }).nullable().default(null),
});
export type ClaimMarker = z.infer<typeof Claim>;

/** The end of a claim. */
const Release = z.object({
  kind: z.literal('release'),
  /** The id of the claim's comment. */
  claim: z.int(),
  how: z.enum(['released', 'done', 'rejected']),
  reason: z.string().nullable(),
  failed: z.enum(FAILURE_CLASSES).nullable(),
  defer_until: Time.nullable(),
  by: z.string(),
});
export type ReleaseMarker = z.infer<typeof Release>;

/** A comment that was made through this program. */
const Said = z.object({
  kind: z.literal('comment'),
  by: z.string(),
  /** Labels that are put on together with it. */
  labels: z.array(z.string()).default([]),
  /** They may not be on yet: whoever sees this puts them on. */
  is_pending: z.boolean().default(false),
});
export type SaidMarker = z.infer<typeof Said>;

/** A time before which nobody may have the issue; null: that is over. */
const Rest = z.object({ kind: z.literal('rest'), until: Time.nullable(), by: z.string() });

/** Values that say how the issue is to be dispatched. */
const Meta = z.object({
  kind: z.literal('meta'),
  set: z.record(z.string(), z.string()),
  by: z.string(),
});

const Marker = z.discriminatedUnion('kind', [Claim, Release, Said, Rest, Meta]);
/** What a comment says to programs. */
export type Marker = z.infer<typeof Marker>;

/** Alone on the last line, so that neither a quotation nor a text in front of it is taken for it. */
const LAST_LINE = /(?:^|\n)<!-- jit-dispatch:(\w+) (\{[^\n]*\}) -->\s*$/;

/** The text for people with the marker behind it, which forges don't show. */
export function withMarker(text: string, { kind, ...facts }: Marker): string {
  // Nothing in it may end the hidden part, or begin another.
  const json = JSON.stringify(facts)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('--', '-\\u002d');
  return `${text.trimEnd()}\n\n<!-- jit-dispatch:${kind} ${json} -->`;
}

/** The marker of a comment; null where it has none that can be read. */
export function readMarker(body: string): Marker | null {
  const [, kind, json] = LAST_LINE.exec(body) ?? [];
  if (json === undefined) return null;
  try {
    const { success, data } = Marker.safeParse({ ...(JSON.parse(json) as object), kind });
    return success ? data : null;
  } catch {
    return null;
  }
}

/** What a comment says to people. */
export function withoutMarker(body: string): string {
  return body.replace(LAST_LINE, '').trimEnd();
}
