import type { Style } from '@jit/cli-kit/style';
import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import { oneLine } from '../views/one-line.ts';
import { agentTable, recordLines } from '../views/render-record.ts';
import { pullWords } from '../views/render-runs.ts';

/** So many failures are shown to people; all of them are in --json. */
const SHOWN = 5;

/** An explanation for people: the sentence first, then what it rests on. */
export async function renderExplanation(
  explanation: DispatchExplanationOutput,
  style: Style,
): Promise<string> {
  const { issue, repository, title, verdict, reason, summary, next } = explanation;
  const name = repository === '' ? issue : `${repository}/${issue}`;
  const colour = { starts: style.green, running: style.green, escalates: style.red }[
    verdict as 'starts'
  ];
  const parts = [
    [
      `${style.bold(name)}  ${oneLine(title)}`,
      `${(colour ?? style.yellow)(verdict.replace('_', ' '))} (${reason}): ${oneLine(summary)}`,
    ].join('\n'),
    list('What would change that', next, style),
    list('Besides', besides(explanation), style),
    list(
      'Chosen by',
      explanation.decision?.record ? recordLines(explanation.decision.record) : [],
      style,
    ),
    explanation.agents.length === 0 ? '' : await agentTable(explanation.agents, style),
    list('Tried', tried(explanation), style),
    list('Really', reality(explanation), style),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function list(title: string, lines: readonly string[], style: Style): string {
  if (lines.length === 0) return '';
  return [style.bold(title), ...lines.map((line) => `  ${oneLine(line)}`)].join('\n');
}

/** What would keep it waiting after the first reason is gone, and how urgent it is. */
function besides({ obstacles, decision, priority }: DispatchExplanationOutput): string[] {
  const aged = decision?.effective_priority ?? priority;
  return [
    ...obstacles
      .filter(({ reason }) => reason !== decision?.reason)
      .map(({ reason, detail }) => `${reason}: ${detail}`),
    ...(aged === priority ? [] : [`treated as ${aged}: it is ${priority} and waits for long`]),
  ];
}

function tried({ history }: DispatchExplanationOutput): string[] {
  if (history === null) return ['the tracker does not say'];
  const { attempts, failures } = history;
  if (attempts === 0 && failures.length === 0) return [];
  return [
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${failures.length} failed`,
    ...failures
      .slice(-SHOWN)
      .map(({ at, agent, failed, reason }) => `${at} ${agent} ${failed} ${reason ?? ''}`.trimEnd()),
  ];
}

function reality(explanation: DispatchExplanationOutput): string[] {
  const { daemon, last_decided, last_refusal, last_run } = explanation;
  const pull = pullWords(explanation);
  return [
    ...(pull === null ? [] : [`pull request of its last run: ${pull}`]),
    daemon === null
      ? 'no daemon of this name is running'
      : `a daemon is running: pid ${daemon.pid} since ${daemon.since}`,
    ...(last_run === null
      ? []
      : [
          `last run ${last_run.ended_at}: ${last_run.agent} ${last_run.state} (${last_run.reason}): ${last_run.detail}`,
        ]),
    ...(last_decided === null
      ? []
      : [`waits since ${last_decided.since}, as the last cycle decided: ${last_decided.detail}`]),
    ...(last_refusal === null
      ? []
      : [`claim refused ${last_refusal.at}: ${last_refusal.message} (${last_refusal.code})`]),
  ];
}
