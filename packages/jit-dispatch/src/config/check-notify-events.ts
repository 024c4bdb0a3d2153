import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { NOTIFY_EVENTS } from './notify-events.ts';
import type { Problem } from './problem.ts';
import type { DispatchFile } from './schema.ts';

/** The events of `[[notify]]` that are none: nobody would ever be told of them. */
export async function checkNotifyEvents({
  notify,
}: Pick<DispatchFile, 'notify'>): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [index, { events }] of notify.entries())
    for (const event of events) {
      if (NOTIFY_EVENTS.some((each) => each === event)) continue;
      const hint = didYouMean(
        await suggest(event, NOTIFY_EVENTS),
        `known are ${NOTIFY_EVENTS.join(', ')}`,
      );
      problems.push({
        path: ['notify', index, 'events'],
        message: `${event} is no event; ${hint}`,
      });
    }
  return problems;
}
