import { z } from 'zod';
import { FAILURE_CLASSES, PRIORITIES, RUN_STATES, SHOWN_STATES } from '../vocabulary.ts';
import { AgentViewOutput } from './decision-record.ts';
import { DecisionOutput, PullRequestOutput, RunOutput } from './dispatch.ts';

const Time = z.iso.datetime();

/** Why a dispatcher does or does not start an issue, and what would change that. */
export const DispatchExplanationOutput = z
  .strictObject({
    issue: z.string().describe('its whole id'),
    repository: z.string().describe('empty where there is only one'),
    title: z.string(),
    state: z.enum(SHOWN_STATES),
    priority: z.enum(PRIORITIES),
    verdict: z
      .enum(['starts', 'waits', 'escalates', 'running', 'not_ready', 'finished'])
      .describe('what the next cycle does with it, as things are now'),
    reason: z.string().describe('a stable word: of the decision, of the run state, or the state'),
    summary: z.string().describe('one sentence'),
    next: z.array(z.string()).describe('what would change that'),
    decision: DecisionOutput.nullable().describe('of the plan as it is now; null: not in it'),
    place: z
      .strictObject({ at: z.int(), of: z.int(), starts_before: z.int() })
      .nullable()
      .describe('among all ready issues, counted from 1'),
    obstacles: z
      .array(z.strictObject({ reason: z.string(), detail: z.string() }))
      .describe('everything that keeps it waiting, the deciding one first'),
    agents: z.array(AgentViewOutput),
    blocked: z
      .strictObject({
        summary: z.string(),
        roots: z.array(z.strictObject({ words: z.string(), next: z.string() })),
      })
      .nullable()
      .describe('what the tracker says of an issue that is not ready'),
    run: RunOutput.nullable().describe('its live run'),
    pull_request: PullRequestOutput.nullable().describe('that of its last run that has one'),
    history: z
      .strictObject({
        attempts: z.int(),
        waits_in_row: z.int(),
        failures: z.array(
          z.strictObject({
            agent: z.string(),
            failed: z.enum(FAILURE_CLASSES),
            attempt: z.int().nullable(),
            at: Time,
            reason: z.string().nullable(),
          }),
        ),
      })
      .nullable()
      .describe('what was tried; null: the tracker does not say'),
    last_refusal: z
      .strictObject({ at: Time, code: z.string(), message: z.string() })
      .nullable()
      .describe('what the tracker said when its last claim was not given'),
    last_run: z
      .strictObject({
        run: z.string(),
        agent: z.string(),
        state: z.enum(RUN_STATES),
        reason: z.string(),
        detail: z.string(),
        ended_at: Time,
      })
      .nullable()
      .describe('how its latest run of this dispatcher ended'),
    last_decided: z
      .strictObject({
        reason: z.string(),
        detail: z.string(),
        priority: z.enum(PRIORITIES),
        since: Time.describe('when this reason began'),
      })
      .nullable()
      .describe('why it waited in the last real cycle; null: it did not'),
    daemon: z
      .strictObject({ pid: z.int(), since: Time })
      .nullable()
      .describe('the running dispatcher of this name'),
  })
  .meta({ id: 'DispatchExplanation' });
export type DispatchExplanationOutput = z.infer<typeof DispatchExplanationOutput>;
