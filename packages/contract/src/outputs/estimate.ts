import { z } from 'zod';
import { SHOWN_STATES, WORK_CLASSES } from '../vocabulary.ts';
import { AgentViewOutput, DecisionRecordOutput } from './decision-record.ts';

const Part = z.number().min(0).max(1);

/** Who would get an issue if it were its turn now. */
export const EstimateOutput = z
  .strictObject({
    issue: z.string().describe('its whole id'),
    repository: z.string().describe('empty where there is only one'),
    title: z.string(),
    state: z.enum(SHOWN_STATES),
    recommended: z.string().nullable().describe('the agent that would get it; null: none can now'),
    score: Part.nullable().describe('how well that agent fits'),
    classification: z.enum(WORK_CLASSES).nullable().describe('null: nobody asks, or not known yet'),
    confidence: Part.nullable(),
    task_type: z.string(),
    risk: z.number().min(0).max(10).nullable(),
    token_estimate: z
      .int()
      .describe('of the prompt that the agent would get; without one, of the text of the issue'),
    token_budget: z.int(),
    alternatives: z.array(z.strictObject({ agent: z.string(), score: Part })),
    detail: z.string().describe('why this agent, or why none'),
    record: DecisionRecordOutput,
  })
  .meta({ id: 'Estimate' });
export type EstimateOutput = z.infer<typeof EstimateOutput>;

/** A configured agent, and how it stands to an issue. */
export const AgentMatchOutput = z
  .strictObject({
    agent: z.string(),
    title: z.string().nullable().describe('its name for people'),
    role: z.string().nullable(),
    class: z.enum(WORK_CLASSES),
    capabilities: z.array(z.string()),
    skills: z.array(z.string()),
    strengths: z.array(z.string()),
    tags: z.array(z.string()),
    high_risk: z.boolean().describe('may get work at or above the risk threshold'),
    capacity: z.int(),
    in_use: z.int().describe('issues it holds, over all dispatchers'),
    health: z.enum(['well', 'resting', 'trying', 'unhealthy', 'paused']),
    match: AgentViewOutput.nullable().describe('null: no issue was named'),
  })
  .meta({ id: 'AgentMatch' });
export type AgentMatchOutput = z.infer<typeof AgentMatchOutput>;
