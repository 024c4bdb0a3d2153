import type { Style } from '@jit/cli-kit/style';
import { usageError } from '@jit/contract/errors';
import type { DispatchStatsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { scopeOptions } from './_options.ts';

export const stats = defineCommand({
  path: 'stats',
  summary: 'Show runs in figures',
  description:
    'Counted anew from the rows of the ledger, which outlive the records of a run. Times are from the start of an agent to its end.',
  examples: [
    { argv: 'stats --days 7', does: 'the last week' },
    { argv: 'stats --agent claude-2', does: 'one agent' },
  ],
  options: {
    since: { type: 'string', placeholder: 'TIME', describe: 'runs created since then (RFC 3339)' },
    days: { type: 'number', min: 0, placeholder: 'N', describe: 'runs of the last N days' },
    ...scopeOptions,
  },
  output: 'DispatchStats',
  run({ dispatcher }, options): Promise<DispatchStatsOutput> {
    if (options.since !== undefined && options.days !== undefined)
      throw usageError('--since and --days exclude each other');
    return dispatcher.stats(options);
  },
  render: renderStats,
});

async function renderStats(stats: DispatchStatsOutput, style: Style): Promise<string> {
  const { since, total, live, completed, failed, canceled, reassigned, lost, per_hour } = stats;
  const classes = Object.entries(stats.failed_by_class).map(([word, count]) => `${count} ${word}`);
  const rows = stats.agents.map((each) => [
    each.agent,
    String(each.total),
    String(each.completed),
    String(each.failed),
    String(each.canceled),
    String(each.lost),
    ...(each.run_secs === null
      ? ['', '', '']
      : [secs(each.run_secs.mean), secs(each.run_secs.p50), secs(each.run_secs.p95)]),
  ]);
  const time = stats.run_secs;
  return [
    `${style.bold(`${total} runs`)}${since === null ? '' : ` since ${since}`}, ${live} live`,
    `completed ${completed}${per_hour === null ? '' : ` (${per_hour} in an hour)`}, canceled ${canceled} (${reassigned} reassigned), lost ${lost}`,
    `failed ${failed}${classes.length === 0 ? '' : `: ${classes.join(', ')}`}`,
    ...(time === null
      ? []
      : [`run time mean ${secs(time.mean)}, p50 ${secs(time.p50)}, p95 ${secs(time.p95)}`]),
    ...(rows.length === 0
      ? []
      : [
          '',
          await style.table(rows, [
            'AGENT',
            'RUNS',
            'DONE',
            'FAILED',
            'CANC',
            'LOST',
            'MEAN',
            'P50',
            'P95',
          ]),
        ]),
  ].join('\n');
}

function secs(value: number): string {
  return `${Math.round(value * 10) / 10}s`;
}
