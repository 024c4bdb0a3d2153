import type { Style } from '@jit/cli-kit/style';
import type { DecisionRecordOutput } from '@jit/contract/outputs/decision-record';
import { oneLine } from './one-line.ts';

/** What an issue asks for, a line each. */
export function recordLines(record: DecisionRecordOutput): string[] {
  const { task_type, role, needs, unclassified, risk, wishes, strategy } = record;
  const known = record.class;
  const asked = [
    ...(role === null ? [] : [`role ${role}`]),
    ...(needs.length === 0 ? [] : [needs.join(', ')]),
  ];
  const wished = [
    ...(wishes.to == null ? [] : [`only ${wishes.to}`]),
    ...(wishes.prefer === null ? [] : [`prefers ${wishes.prefer}`]),
    ...(wishes.exclude.length === 0 ? [] : [`not ${wishes.exclude.join(', ')}`]),
    ...(wishes.max_attempts === null ? [] : [`at most ${wishes.max_attempts} attempts`]),
    ...wishes.problems,
  ];
  return [
    `kind         ${task_type.name} (${task_type.detail})`,
    known === null
      ? `class        ${unclassified ? `not known: ${unclassified.detail}` : 'any'}`
      : `class        ${known.class}, ${Math.round(known.confidence * 100)} % sure (${known.by}: ${known.detail})${known.unsure ? '; a person has to be there' : ''}`,
    ...(risk === null
      ? []
      : [
          `risk         ${risk.score} of 10${risk.high ? `, high from ${risk.threshold} on` : ''} (${risk.detail})`,
        ]),
    ...(asked.length === 0 ? [] : [`asks for     ${asked.join('; ')}`]),
    ...(wished.length === 0 ? [] : [`wishes       ${wished.join('; ')}`]),
    `strategy     ${strategy}`,
  ].map(oneLine);
}

/** How agents stand to it, in the order of the strategy. */
export function agentTable(
  agents: DecisionRecordOutput['agents'],
  style: Style,
): string | Promise<string> {
  const rows = agents.map(({ agent, standing, score, detail }) => [
    agent,
    standing.replace('_', ' '),
    score.toFixed(2),
    detail,
  ]);
  return style.table(rows, ['AGENT', 'STANDING', 'SCORE', 'WHY']);
}
