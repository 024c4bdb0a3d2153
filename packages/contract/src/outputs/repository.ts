import { z } from 'zod';
import { PRIORITIES, SHOWN_STATES } from '../vocabulary.ts';

const LinkedWorktree = z
  .strictObject({ root: z.string(), main: z.string() })
  .nullable()
  .describe(
    'the linked git worktree that the call came from, and the main one whose .jit it shares',
  );

/** What `jit init` prints. */
export const InitOutput = z
  .strictObject({
    dir: z.string(),
    changed: z.boolean(),
    worktree: LinkedWorktree,
    agents: z
      .strictObject({ file: z.string(), changed: z.boolean() })
      .nullable()
      .describe('the AGENTS.md that --agents keeps a block in'),
  })
  .meta({ id: 'Init' });
export type InitOutput = z.infer<typeof InitOutput>;

/** Where the tracker is, and why there. */
export const WhereOutput = z
  .strictObject({
    dir: z.string(),
    source: z.enum(['--dir', 'JIT_DIR', 'upward search', 'main worktree']),
    reason: z.string(),
    looked_in: z.array(z.string()),
    worktree: LinkedWorktree,
  })
  .meta({ id: 'Where' });
export type WhereOutput = z.infer<typeof WhereOutput>;

/** The issues with one label. Finished: done, rejected or archived. */
export const LabelStatusOutput = z
  .strictObject({
    label: z.string(),
    total: z.int(),
    finished: z.int(),
    percent: z.int().describe('finished of total, rounded down: 100 means all of them'),
    ready: z.int(),
    open: z.int().describe('open and blocked'),
    in_progress: z.int(),
    gated: z.int(),
  })
  .meta({ id: 'LabelStatus' });
export type LabelStatusOutput = z.infer<typeof LabelStatusOutput>;

/** Counts over the whole tracker. */
export const StatusOutput = z
  .strictObject({
    dir: z.string(),
    total: z.int(),
    by_state: z.record(z.enum(SHOWN_STATES), z.int()),
    unfinished_by_priority: z.record(z.enum(PRIORITIES), z.int()),
    claims: z.int(),
    by_label: z.array(LabelStatusOutput).describe('in the order of labels'),
    unreadable: z.array(z.string()),
  })
  .meta({ id: 'Status' });
export type StatusOutput = z.infer<typeof StatusOutput>;

/** What `jit prime` prints. */
export const PrimeOutput = z
  .strictObject({
    dir: z.string(),
    by_state: z.record(z.enum(SHOWN_STATES), z.int()),
    gates: z.int().describe('how many are defined'),
    labels: z.int().describe('how many unfinished issues use'),
    text: z.string().describe('what an agent should know, in Markdown'),
  })
  .meta({ id: 'Prime' });
export type PrimeOutput = z.infer<typeof PrimeOutput>;

/** One finding of `jit validate`. */
export const FindingOutput = z
  .strictObject({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    subject: z.string().describe('the issue, gate or file that it is about'),
    message: z.string(),
    fix: z.string(),
    fixable: z.boolean().describe('validate --fix mends it'),
    fixed: z.boolean().describe('it was there, and --fix has mended it'),
    mending: z.string().describe('what --fix does about it, or why it leaves it'),
  })
  .meta({ id: 'Finding' });
export type FindingOutput = z.infer<typeof FindingOutput>;

/** What `jit validate` prints. Errors exit 4, warnings 0. */
export const ValidateOutput = z
  .strictObject({
    issues: z.int(),
    gates: z.int(),
    errors: z.int().describe('those that are left'),
    warnings: z.int(),
    fixed: z.int(),
    changed: z.boolean().describe('--fix has changed a file'),
    dry_run: z.boolean(),
    findings: z.array(FindingOutput),
  })
  .meta({ id: 'Validate' });
export type ValidateOutput = z.infer<typeof ValidateOutput>;

const Count = z.record(z.string(), z.int());

/** What an import did, field by field: nothing is dropped without a word. */
export const ImportOutput = z
  .strictObject({
    source: z.string(),
    dry_run: z.boolean(),
    changed: z.boolean(),
    issues: z.strictObject({
      read: z.int(),
      created: z.int(),
      unchanged: z.int(),
      skipped: z.int(),
    }),
    gates: z.strictObject({ read: z.int(), created: z.int(), unchanged: z.int() }),
    dependencies: z.strictObject({ read: z.int(), imported: z.int(), linked: z.int() }),
    comments: z.strictObject({ read: z.int(), imported: z.int() }),
    events: z.strictObject({ read: z.int(), imported: z.int() }),
    states: Count.describe('imported issues by stored state'),
    mapped: z.array(
      z.strictObject({
        what: z.string(),
        from: z.string(),
        to: z.string(),
        count: z.int(),
        subjects: z
          .array(z.string())
          .describe('where single issues are worth a look; empty where the rule holds for all'),
      }),
    ),
    skipped: z.array(
      z.strictObject({
        what: z.string(),
        why: z.string(),
        count: z.int(),
        subjects: z.array(z.string()),
      }),
    ),
    repaired: z.array(
      z.strictObject({
        what: z.string(),
        how: z.string(),
        count: z.int(),
        subjects: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Import' });
export type ImportOutput = z.infer<typeof ImportOutput>;

const Stored = z.record(z.string(), z.unknown());

/** What `jit export` prints: a whole tracker. `jit import jit` reads it. */
export const ExportOutput = z
  .strictObject({
    schema: z.literal(1),
    issues: z.array(Stored).describe('as their files have them, in the order of ids'),
    gates: z.array(Stored).describe('as their files have them, in the order of keys'),
    events: z.array(Stored).describe('every line of the log, in the order of ids'),
    config: z.string().nullable().describe('the text of config.toml'),
  })
  .meta({ id: 'Export' });
export type ExportOutput = z.infer<typeof ExportOutput>;

/** What `jit export -o FILE` prints. */
export const ExportFileOutput = z
  .strictObject({
    file: z.string(),
    issues: z.int(),
    gates: z.int(),
    events: z.int(),
    bytes: z.int(),
    changed: z.boolean().describe('false: the file held the same before'),
  })
  .meta({ id: 'ExportFile' });
export type ExportFileOutput = z.infer<typeof ExportFileOutput>;

/** One result line of `jit batch`. */
export const BatchLineOutput = z
  .union([
    z.strictObject({ exit: z.int(), result: z.unknown() }),
    z.strictObject({
      exit: z.int(),
      error: z.strictObject({
        code: z.string(),
        message: z.string(),
        hint: z.string().nullable(),
        retryable: z.boolean(),
        details: z.record(z.string(), z.unknown()),
      }),
    }),
  ])
  .meta({ id: 'BatchLine' });
export type BatchLineOutput = z.infer<typeof BatchLineOutput>;
