import type { ClassifierProgram } from '../src/config/choosing.ts';
import { classifyReady } from '../src/daemon/classifying/classify-ready.ts';
import { openQuestions } from '../src/daemon/classifying/questions.ts';
import { askedIssue, askingDispatcher } from './asking.ts';

/** What this process is to ask, as JSON in its first argument. */
export interface ToAsk {
  readonly folder: string;
  readonly cwd: string;
  readonly ids: readonly string[];
  readonly program: ClassifierProgram;
}

async function main(): Promise<void> {
  const { folder, cwd, ids, program } = JSON.parse(process.argv[2] ?? '') as ToAsk;
  const { dispatcher, ledger } = askingDispatcher(folder, cwd);
  const issues = ids.map((id) => askedIssue(id));
  const classes = await classifyReady(dispatcher, issues, program, openQuestions(null));
  process.stdout.write(JSON.stringify(Object.fromEntries(classes)));
  ledger.close();
}

void main();
