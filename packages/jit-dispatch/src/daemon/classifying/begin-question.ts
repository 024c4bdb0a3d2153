import type { ClassifierProgram } from '../../config/choosing.ts';
import { identityOf } from '../../keeper/identity.ts';
import { askClass, type ClassQuestion } from '../../runners/ask-class.ts';
import { askedEnvironment } from '../asked-environment.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { markOf, QUESTION_MARK } from './mark.ts';

/** Asks the program about one issue, marked as asked by this process. */
export function beginQuestion(
  dispatcher: Dispatcher,
  { argv, timeoutSecs, passEnv = [] }: ClassifierProgram,
  issue: unknown,
): ClassQuestion {
  const env = { [QUESTION_MARK]: markOf(dispatcher, identityOf(process.pid)) };
  const environment = askedEnvironment(dispatcher, { env, passEnv });
  return askClass({ argv, timeoutSecs, issue, cwd: dispatcher.place.cwd, environment });
}
