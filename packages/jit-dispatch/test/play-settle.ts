import { classify } from '../src/planning/classify.ts';
import {
  type CallResult,
  type EndedRun,
  type IssueView,
  nextSettleStep,
  type RunEnd,
  type SettleAnswer,
  type SettleStep,
} from '../src/planning/settle.ts';
import type { VerdictRecord } from '../src/run-records.ts';

/** What happens while a run is settled. */
export interface Script {
  /** Of an agent elsewhere. */
  readonly verdict?: VerdictRecord | null;
  readonly end?: Partial<RunEnd>;
  readonly gates?: Partial<EndedRun['gates']>;
  readonly completion?: 'issue' | 'exit';
  /** What the tracker shows, one after the other; the last one is repeated. */
  readonly shows?: readonly (Partial<IssueView> | null)[];
  /** Unfinished dependencies. */
  readonly parts?: readonly string[];
  /** Dependencies that were added, finished or not. */
  readonly added?: readonly string[];
  readonly calls?: Partial<
    Record<'finish' | 'resume' | 'release' | 'rest' | 'hold', CallResult['result'][]>
  >;
}

const VIEW: IssueView = {
  state: 'in_progress',
  attempt: 2,
  isClaimed: true,
  isDeferred: false,
  openChecks: [],
  failedGates: [],
  releasedAs: null,
  isGivenBack: false,
  isReleasedHere: false,
  isHandedOver: false,
  dependencies: 0,
  waitsFor: [],
};

/** A run that ended as the script says. */
export function endedRun({
  end = {},
  completion = 'issue',
  gates = {},
  verdict = null,
}: Script): EndedRun {
  const whole: RunEnd = { reason: 'exited', message: 'words', code: 0, signal: null, ...end };
  return {
    attempt: 2,
    completion,
    end: whole,
    failure: classify(whole, { output: '', rateLimitExit: [75], rateLimitPattern: null, verdict }),
    backoffSecs: 20,
    gates: { areRun: true, count: gates.end ? 1 : 0, end: null, ...gates },
  };
}

/** Plays a tracker against the decisions and writes down what was asked for. */
export function play(script: Script): {
  trace: string[];
  steps: SettleStep[];
  answers: SettleAnswer[];
} {
  const { shows = [{}], calls = {} } = script;
  const run = endedRun(script);
  const answers: SettleAnswer[] = [];
  const steps: SettleStep[] = [];
  const left = structuredClone(calls);
  let shown = 0;
  for (let round = 0; round < 15; round += 1) {
    const step = nextSettleStep(run, answers);
    steps.push(step);
    if (step.do === 'end' || step.do === 'gates')
      return { trace: steps.map(outline), steps, answers };
    if (step.do === 'show') {
      const view = shows[Math.min(shown++, shows.length - 1)];
      answers.push({ to: 'show', issue: view === null ? null : { ...VIEW, ...view } });
    } else if (step.do === 'parts') {
      answers.push({ to: 'parts', unfinished: script.parts ?? [] });
    } else if (step.do === 'added') {
      answers.push({ to: 'added', parts: script.added ?? [] });
    } else if (step.do === 'escalate') {
      answers.push({ to: 'escalate' });
    } else {
      const result = left[step.do]?.shift() ?? 'ok';
      const ending = 'ending' in step ? { ending: step.ending } : {};
      answers.push({ to: step.do, result, message: 'said so', ...ending } as SettleAnswer);
    }
  }
  throw new Error(`no end: ${steps.map(outline).join(', ')}`);
}

/** The steps of a script in words. */
export const settle = (script: Script): string[] => play(script).trace;

/** A step in words. */
export function outline(step: SettleStep): string {
  if (step.do === 'end') return `${step.ending.state}/${step.ending.reason}`;
  if (step.do === 'escalate') return `escalate ${step.reason}`;
  if (step.do === 'rest') return `rest ${step.deferSecs}`;
  if (step.do === 'release') return `release ${step.failed} ${step.deferSecs}`;
  return step.do;
}
