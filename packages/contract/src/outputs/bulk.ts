import { z } from 'zod';
import { SHOWN_STATES } from '../vocabulary.ts';
import { IssueItemOutput } from './issue.ts';

/** What a bulk update did to one issue. */
const BulkIssueOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    title: z.string(),
    state: z.enum(SHOWN_STATES).describe('afterwards'),
    changed: z.boolean(),
    changes: z
      .record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() }))
      .describe('what is different now, by field'),
    token: z.string().nullable().describe('of the claim, with --state in_progress'),
    refusal: z
      .strictObject({
        exit: z.int().describe('what the update of this issue alone would exit with'),
        code: z.string(),
        message: z.string(),
        hint: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
      })
      .nullable()
      .describe('only with --keep-going'),
  })
  .meta({ id: 'BulkIssue' });
export type BulkIssueOutput = z.infer<typeof BulkIssueOutput>;

/** What `issue update --filter` prints. */
export const BulkChangeOutput = z
  .strictObject({
    filter: z.string().describe('the filter as it was understood'),
    dry_run: z.boolean().describe('true: this is what would change; nothing did'),
    matched: z.int(),
    changed: z.int(),
    refused: z.int(),
    issues: z.array(BulkIssueOutput).describe('every issue that fits, oldest first'),
  })
  .meta({ id: 'BulkChange' });
export type BulkChangeOutput = z.infer<typeof BulkChangeOutput>;

/** What `issue create --from-json` prints. */
export const IssuesCreatedOutput = z
  .strictObject({
    dry_run: z.boolean().describe('true: nothing was made; the real call draws other ids'),
    created: z.int(),
    keys: z.record(z.string(), z.string()).describe('local key → id'),
    gates_defined: z.array(z.string()),
    issues: z.array(IssueItemOutput).describe('in the order of the file'),
  })
  .meta({ id: 'IssuesCreated' });
export type IssuesCreatedOutput = z.infer<typeof IssuesCreatedOutput>;
