import { z } from 'zod';

const Remark = z.strictObject({
  line: z.int().nullable(),
  key: z.string().nullable(),
  message: z.string(),
});

/** What `jit-dispatch check-config` finds. */
export const ConfigCheckOutput = z
  .strictObject({
    file: z.string(),
    ok: z.boolean(),
    problems: z.array(Remark).describe('why it is refused'),
    warnings: z.array(Remark).describe('keys that nobody reads'),
    effective: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('with --effective: every key with its value, those of variables hidden'),
  })
  .meta({ id: 'ConfigCheck' });
export type ConfigCheckOutput = z.infer<typeof ConfigCheckOutput>;

/** What `jit-dispatch init` wrote. */
export const ConfigWrittenOutput = z
  .strictObject({
    file: z.string(),
    repository: z.string().nullable().describe('the .jit folder it works for; null: none found'),
    found: z.array(z.string()).describe('agent programs on PATH'),
    next: z.array(z.string()).describe('what to do now'),
  })
  .meta({ id: 'ConfigWritten' });
export type ConfigWrittenOutput = z.infer<typeof ConfigWrittenOutput>;

/** What `jit-dispatch doctor` looked at. */
export const DoctorOutput = z
  .strictObject({
    ok: z.boolean().describe('nothing failed; there may be warnings'),
    checks: z.array(
      z.strictObject({
        check: z.string(),
        result: z.enum(['ok', 'warning', 'failed']),
        detail: z.string(),
        next: z.string().nullable().describe('what to do; null where all is well'),
      }),
    ),
  })
  .meta({ id: 'Doctor' });
export type DoctorOutput = z.infer<typeof DoctorOutput>;
