import { z } from 'zod';
import { WORK_CLASSES } from '../vocabulary.ts';

const Part = z.number().min(0).max(1);

/** How one agent stands to one issue. */
export const AgentViewOutput = z
  .strictObject({
    agent: z.string(),
    standing: z.enum([
      'chosen',
      'free',
      'not_asked',
      'unsuitable',
      'excluded',
      'paused',
      'unhealthy',
      'resting',
      'full',
    ]),
    detail: z.string(),
    tags: z
      .array(z.string())
      .describe('its tags, capabilities and skills that labels of the issue name'),
    score: Part.describe('how well it fits'),
    parts: z
      .strictObject({ tags: Part, strengths: Part, class: Part, affinity: Part, load: Part })
      .describe('what the score is the weighted mean of, see [match]'),
  })
  .meta({ id: 'AgentView' });
export type AgentViewOutput = z.infer<typeof AgentViewOutput>;

/** Everything a decision about an issue was made from. */
export const DecisionRecordOutput = z
  .strictObject({
    strategy: z.string(),
    seed: z.int().describe('of the strategy random'),
    task_type: z.strictObject({
      name: z.string(),
      by: z.enum(['wish', 'label', 'keyword', 'default']),
      detail: z.string(),
    }),
    role: z.string().nullable().describe('that a label asks for'),
    needs: z.array(z.string()).describe('capabilities and skills that labels ask for'),
    class: z
      .strictObject({
        class: z.enum(WORK_CLASSES),
        confidence: Part,
        by: z.enum(['wish', 'label', 'command', 'keywords']),
        unsure: z.boolean().describe('below the threshold: a human or hybrid agent gets it'),
        detail: z.string(),
      })
      .nullable()
      .describe('who it is for; null: nobody asks, or it is not known yet'),
    unclassified: z
      .strictObject({
        reason: z.enum(['classifying', 'classification_failed']),
        detail: z.string(),
      })
      .nullable()
      .describe('why it is not known yet who it is for; null: it is known, or nobody asks'),
    risk: z
      .strictObject({
        score: z.number().min(0).max(10),
        threshold: z.number().min(0).max(10),
        high: z.boolean(),
        by: z.enum(['label', 'keyword', 'path', 'default', 'unread']),
        detail: z.string(),
      })
      .nullable()
      .describe('null: no risk is looked at'),
    wishes: z.strictObject({
      to: z.string().nullable().describe('gets it and nobody else'),
      prefer: z.string().nullable(),
      exclude: z.array(z.string()),
      token_budget: z.int().nullable(),
      max_attempts: z.int().nullable(),
      problems: z.array(z.string()).describe('what is wished and makes no sense'),
    }),
    text_tokens: z.int().describe('about how many tokens the text of the issue has'),
    agent: z.string().nullable().describe('who gets it'),
    alternatives: z.array(z.string()).describe('who else could get it now, the best first'),
    agents: z.array(AgentViewOutput).describe('in the order of the strategy'),
  })
  .meta({ id: 'DecisionRecord' });
export type DecisionRecordOutput = z.infer<typeof DecisionRecordOutput>;
