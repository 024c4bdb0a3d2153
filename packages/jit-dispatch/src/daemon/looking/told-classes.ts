import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isForced } from '../../planning/assessing/classification.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import { classifyReady } from '../classifying/classify-ready.ts';
import type { Questions } from '../classifying/questions.ts';
import { readClasses } from '../classifying/read-classes.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { ToldClasses } from './assess-ready.ts';
import { issueText } from './issue-text.ts';

type Choosing = Pick<DispatchConfig, 'choosing'>;

/** What the program said of issues so far, by id; empty where none is asked. Asks nothing. */
export function knownClasses(
  ledger: Ledger | null,
  ready: readonly TrackerIssue[],
  { choosing }: Choosing,
): ToldClasses {
  const { program } = choosing.classification;
  return program === null ? new Map() : readClasses(ledger, ready.filter(isOpen), program);
}

/** The same, and what is not known is asked. */
export async function askClasses(
  dispatcher: Dispatcher,
  ready: readonly TrackerIssue[],
  questions: Questions,
): Promise<ToldClasses> {
  const { program } = dispatcher.config.choosing.classification;
  if (program === null) return new Map();
  return classifyReady(dispatcher, ready.filter(isOpen), program, questions);
}

/** Nobody has said it by a wish or a label. */
function isOpen(issue: TrackerIssue): boolean {
  return !isForced(issueText(issue));
}
