import type { ClassifierProgram } from '../../config/choosing.ts';
import type { ToldClass } from '../../planning/assessing/told-class.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { Questions } from './questions.ts';
import { classesOf, type Kept, readClasses, readKept } from './read-classes.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Of which class issues are, by id, as far as it is known. What is not known, or failed long enough ago, is
 * asked for: those that were never asked about first, in the order of the issues. An issue that does not
 * change is asked about once.
 * @param questions say whether the answers are waited for
 */
export async function classifyReady(
  dispatcher: Dispatcher,
  issues: readonly TrackerIssue[],
  program: ClassifierProgram,
  questions: Questions,
): Promise<ReadonlyMap<string, ToldClass>> {
  const { ledger } = dispatcher;
  const time = dispatcher.now().getTime();
  const kept = readKept(ledger, issues, program);
  keepNeeded(dispatcher, kept, time);
  const answered = questions.ask(dispatcher, program, dueOf(kept, program, time));
  if (!questions.areAwaited) return classesOf(kept, program);
  await answered;
  return readClasses(ledger, issues, program);
}

/** What is to be asked about, each content once. */
function dueOf(kept: readonly Kept[], { retrySecs }: ClassifierProgram, time: number): Kept[] {
  const isNew = ({ row }: Kept): boolean => row === null;
  const isAgain = ({ row }: Kept): boolean => {
    if (row === null || row.failed === null) return false;
    const age = time - Date.parse(row.at);
    // A time that is still to come was told by a clock that was set back since.
    return !(age >= 0 && age < retrySecs * 1000);
  };
  const due = [...kept.filter(isNew), ...kept.filter(isAgain)];
  return [...new Map(due.map((each) => [each.content, each])).values()];
}

/** Answers that are still needed are kept anew in time: old ones are forgotten, and would be asked for again. */
function keepNeeded({ ledger, config }: Dispatcher, kept: readonly Kept[], time: number): void {
  const longest = (Math.max(config.historyDays, 1) * DAY_MS) / 2;
  for (const { row } of kept)
    if (row !== null && row.failed === null && time - Date.parse(row.at) > longest)
      ledger.keepClassification({ ...row, at: new Date(time).toISOString() });
}
