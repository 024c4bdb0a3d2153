import { WORK_CLASSES } from '@jit/contract/vocabulary';
import { z } from 'zod';
import { DEFAULT_SIGNALS } from './default-words.ts';
import { Command, Name, seconds } from './keys.ts';

const DAY_SECS = 24 * 3600;
const Words = z.array(z.string().min(1)).max(1000);
const weight = (standard: number) => z.number().min(0).max(1000).default(standard);

/** The keys of an agent that say what it is for. */
export const AGENT_CHOICE_KEYS = {
  role: z.string().min(1).optional().describe('what it is; a label role:NAME asks for it'),
  capabilities: Words.default([]).describe('what it can do; labels capability:NAME ask for them'),
  skills: Words.default([]).describe('what it knows; labels skill:NAME ask for them'),
  strengths: Words.default([]).describe('the kinds of work it is best at'),
  class: z
    .enum(WORK_CLASSES)
    .default('ai')
    .describe('who it is: a program, a person, or a program with a person beside it'),
  high_risk: z.boolean().default(false).describe('may get work at or above risk.threshold'),
} as const;

/** What the parts of a match count. */
const MatchTable = z.object({
  tags: weight(3).describe('tags, capabilities and skills that labels name'),
  strengths: weight(2).describe('being best at this kind of work'),
  class: weight(1).describe('being exactly who this is for'),
  affinity: weight(0).describe('how its earlier runs at this kind of work ended; 0: not looked at'),
  load: weight(0).describe('the free part of its capacity'),
});

/** One kind of work. */
const TaskTypeTable = z.object({
  name: Name.describe('compared with `type:` labels, strengths and tags'),
  keywords: Words.default([]).describe(
    'words that tell it, `*` at the end for beginnings of words; none: only where it is named',
  ),
});

/** Who work is for. */
const ClassificationTable = z.object({
  by: z
    .enum(['keywords', 'command', 'none'])
    .optional()
    .describe(
      'default: command where there is one, else keywords where an agent is human or hybrid, else none',
    ),
  command: Command.optional().describe(
    'a program that gets the issue as JSON on stdin and prints {"class", "confidence"}',
  ),
  timeout_secs: seconds(0.1, 600).default(10).describe('limit of one answer'),
  retry_secs: seconds(1, DAY_SECS).default(60).describe('asked again so long after it gave none'),
  pass_env: z
    .array(z.string())
    .default([])
    .describe('environment variables to pass on to the program'),
  on_failure: z
    .enum(['wait', 'keywords'])
    .default('wait')
    .describe('while it gives no answer: the issue waits, or its words count'),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe('below this confidence a human or hybrid agent gets it'),
  human: Words.default([...DEFAULT_SIGNALS.human]).describe('words that speak for a person'),
  hybrid: Words.default([...DEFAULT_SIGNALS.hybrid]).describe(
    'words that speak for a program with a person beside it',
  ),
  ai: Words.default([...DEFAULT_SIGNALS.ai]).describe('words that speak for a program'),
});

/** What makes work risky. */
const RiskTable = z.object({
  map: z
    .string()
    .min(1)
    .optional()
    .describe('a JSON file: keywords and paths with scores, 0 to 10'),
  threshold: z
    .number()
    .min(0)
    .max(10)
    .default(7)
    .describe('from this score on only agents with high_risk get it'),
});

/** The keys of `dispatch.toml` about who gets what. */
export const CHOOSING_KEYS = {
  strategy: z
    .string()
    .default('best-match')
    .describe('how an agent is chosen: best-match, round-robin, random, least-loaded, only:AGENT'),
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe('of random: the same seed draws the same agents for the same issues'),
  label_filter: z
    .array(z.string().min(1))
    .default([])
    .describe('only issues with all of these labels'),
  match: MatchTable.prefault({}),
  task_types: z.array(TaskTypeTable).max(200).default([]),
  classification: ClassificationTable.prefault({}),
  risk: RiskTable.prefault({}),
} as const;

/** `risk-map.json` as it is written. */
export const RiskMapFile = z.strictObject({
  keywords: z.record(z.string().min(1), z.number().min(0).max(10)).default({}),
  paths: z.record(z.string().min(1), z.number().min(0).max(10)).default({}),
  default: z.number().min(0).max(10).default(5),
});
