import { z } from 'zod';
import { PRIORITIES } from '../vocabulary.ts';
import { RunOutput } from './dispatch.ts';

const Time = z.iso.datetime();
const Repository = z.string().describe('its name; empty where there is only one repository');
const Said = z.strictObject({ at: Time, message: z.string() });
const Tracker = z.strictObject({
  ok: z.boolean(),
  ready: z.int().nullable(),
  error: z.string().nullable(),
});

/** What keeps something from being started until a person takes it back. */
const Hold = z.strictObject({
  repository: Repository,
  scope: z.string().describe('`*`, `agent:ID` or `repository:NAME`'),
  reason: z.string(),
  who: z.string(),
  since: Time,
  until: Time.nullable().describe('when it ends by itself'),
});

/** What an agent does, and how it does. */
const Agent = z.strictObject({
  id: z.string(),
  title: z.string().nullable().describe('its name for people'),
  capacity: z.int(),
  running: z.int(),
  claimed: z
    .int()
    .nullable()
    .describe('live claims over all dispatchers; null if the tracker did not answer'),
  health: z
    .enum(['well', 'trying', 'resting', 'unhealthy', 'paused'])
    .describe('trying: one run at a time after a rest; unhealthy: its health check fails'),
  resting_until: Time.nullable().describe('nothing is started before; null: it does not rest'),
  why: z.string().nullable().describe('why it is anything but well'),
});

/** The dispatcher at a glance. */
export const DispatcherStatusOutput = z
  .strictObject({
    at: Time.describe('when this was seen'),
    name: z.string(),
    dir: z.string(),
    daemon: z
      .strictObject({
        pid: z.int(),
        since: Time,
        phase: z.enum(['running', 'draining', 'stopping']),
      })
      .nullable(),
    tracker: Tracker.describe('of all repositories: ok if each of them answered'),
    repositories: z
      .array(
        z.strictObject({
          name: Repository,
          tracker: Tracker,
          running: z.int(),
          waiting: z.int(),
          last_error: Said.nullable(),
          rebuilt: Said.nullable(),
        }),
      )
      .describe('at least one'),
    agents: z.array(Agent),
    paused: Hold.nullable().describe('nothing at all is started'),
    holds: z.array(Hold),
    config_error: Said.nullable().describe(
      'why the configuration as it is now is not used: the last good one is',
    ),
    last_error: Said.nullable().describe(
      'why the last cycle of the daemon failed; null if it did not',
    ),
    rebuilt: Said.nullable().describe(
      'when the ledger was last made anew from run folders, and why',
    ),
    runs: z
      .array(
        RunOutput.extend({
          repository: Repository,
          short: z.string().describe('the shortest beginning, of at least 8, that names it now'),
          last_sign_at: Time.nullable().describe(
            'when it last printed something or touched its heartbeat file, or started',
          ),
        }),
      )
      .describe('live runs, oldest first'),
    waiting: z
      .array(
        z.strictObject({
          repository: Repository,
          issue: z.string(),
          title: z.string(),
          priority: z.enum(PRIORITIES),
          reason: z.string().describe('a stable word, e.g. agents_full'),
          detail: z.string(),
          since: Time,
        }),
      )
      .describe('ready issues that the last cycle did not start, and why, as planned'),
    escalated: z
      .array(
        z.strictObject({
          repository: Repository,
          issue: z.string(),
          title: z.string(),
          reason: z.string(),
          detail: z.string(),
          since: Time,
        }),
      )
      .describe('issues that a person has to look at, as far as this dispatcher asked for it'),
    workspaces: z
      .array(
        z.strictObject({
          repository: Repository,
          issue: z.string(),
          path: z.string(),
          branch: z.string().nullable(),
          kept_because: z.string(),
          made_at: Time,
        }),
      )
      .describe('workspaces that are kept although nothing runs in them'),
  })
  .meta({ id: 'DispatcherStatus' });
export type DispatcherStatusOutput = z.infer<typeof DispatcherStatusOutput>;

/** One thing that happened, as `status --watch --json` and `/events` tell it. */
export const DispatchEventOutput = z
  .strictObject({
    id: z.string().describe('to go on after it: a number, with several repositories after `NAME:`'),
    at: Time,
    type: z
      .string()
      .describe(
        'status: the first one, with the whole status in data; reset: what was told before is no longer the whole story; else the kind of a record of the ledger: created, running, completed, …',
      ),
    run: z.string().nullable(),
    issue: z.string().nullable(),
    agent: z.string().nullable(),
    repository: Repository,
    data: z.unknown(),
  })
  .meta({ id: 'DispatchEvent' });
export type DispatchEventOutput = z.infer<typeof DispatchEventOutput>;
