import { z } from 'zod';
import { EVENT_TYPES } from '../vocabulary.ts';

/** One line of the event log. Further fields depend on the type. */
export const EventOutput = z
  .looseObject({
    id: z.string().describe('ULID: ids sort by time'),
    at: z.iso.datetime(),
    type: z.enum(EVENT_TYPES),
    issue: z.string().nullable(),
    actor: z.string(),
  })
  .meta({ id: 'Event' });
export type EventOutput = z.infer<typeof EventOutput>;
