import type { Style } from '@jit/cli-kit/style';
import { usageError } from '@jit/contract/errors';
import type { DispatchStatsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { scopeOptions } from './_options.ts';

export const stats = defineCommand({
  path: 'stats',
  summary: 'Show runs in figures',
  description:
    'Counted anew from the rows of the ledger, which outlive the records of a run. The run time is from the start of an agent to its end, the time of dispatch from the decision to the start.',
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
      ? ['', '', '', '']
      : [each.run_secs.mean, each.run_secs.p50, each.run_secs.p95, each.run_secs.p99].map(secs)),
  ]);
  return [
    `${style.bold(`${total} runs`)}${since === null ? '' : ` since ${since}`}, ${live} live`,
    `completed ${completed}${per_hour === null ? '' : ` (${per_hour} in an hour)`}, canceled ${canceled} (${reassigned} reassigned), lost ${lost}`,
    `failed ${failed}${classes.length === 0 ? '' : `: ${classes.join(', ')}`}`,
    ...timesOf('run time', stats.run_secs, secs),
    ...timesOf('dispatch time', stats.dispatch_ms, (ms) => `${Math.round(ms)}ms`),
    ...classLines(stats.by_class),
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
            'P99',
          ]),
        ]),
  ].join('\n');
}

function timesOf(
  name: string,
  times: DispatchStatsOutput['run_secs'],
  show: (value: number) => string,
): string[] {
  if (times === null) return [];
  const { mean, p50, p95, p99 } = times;
  return [`${name} mean ${show(mean)}, p50 ${show(p50)}, p95 ${show(p95)}, p99 ${show(p99)}`];
}

/** Nothing where no class of any run is known. */
function classLines(byClass: DispatchStatsOutput['by_class']): string[] {
  const shown = Object.entries(byClass).filter(([, { total }]) => total > 0);
  if (shown.every(([name]) => name === 'unknown')) return [];
  const words = shown.map(
    ([name, { total, completed, failed }]) =>
      `${name} ${total} (${completed} completed, ${failed} failed)`,
  );
  return [`by class ${words.join(', ')}`];
}

function secs(value: number): string {
  return `${Math.round(value * 10) / 10}s`;
}
