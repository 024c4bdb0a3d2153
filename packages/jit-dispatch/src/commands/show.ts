import type { Style } from '@jit/cli-kit/style';
import type { RunDetailsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { oneLine } from '../views/one-line.ts';
import { pullWords } from '../views/render-runs.ts';
import { repositoryOption } from './_options.ts';

export const show = defineCommand({
  path: 'show',
  summary: 'Show everything about one run',
  description:
    'Its row, the time line of its records, its silence, the tries of its exit gates, where its files lie, and the end of what it printed.',
  examples: [{ argv: 'show 01k9', does: 'everything about that run' }],
  positionals: [
    { name: 'run', required: true, describe: 'id of the run; a unique beginning will do' },
  ],
  options: {
    tail: {
      type: 'number',
      integer: true,
      min: 0,
      default: 10,
      placeholder: 'N',
      describe: 'the last N lines of its output',
    },
    ...repositoryOption,
  },
  output: 'RunDetails',
  exits: ['3 no such run', '4 several runs begin with that'],
  run: ({ dispatcher }, { run, ...options }): Promise<RunDetailsOutput> =>
    dispatcher.show(run, options),
  render: renderDetails,
});

async function renderDetails(details: RunDetailsOutput, style: Style): Promise<string> {
  const { run, repository, workspace, folder, time_line, gate_tries, output_end } = details;
  const fact = (name: string, value: string | number | null) =>
    value === null || value === '' ? [] : [`${name.padEnd(11)} ${oneLine(String(value))}`];
  const end = run.exit_code === null ? run.signal : `exit code ${run.exit_code}`;
  return [
    `run         ${style.bold(run.run)}  ${run.state}`,
    ...fact('issue', `${run.issue}  ${run.title}`),
    ...fact('repository', repository),
    ...fact('agent', `${run.agent}${run.attempt === null ? '' : `, attempt ${run.attempt}`}`),
    ...fact('why', [run.reason, run.detail].filter(Boolean).join(': ')),
    ...fact('failed', run.failed),
    ...fact('ended', end),
    ...fact('pid', run.ended_at === null ? run.pid : null),
    ...fact('silent', run.stall === null ? null : `${run.stall}, since ${run.silent_since}`),
    ...fact('pull req.', pullWords(run)),
    ...fact(
      'try again',
      run.pull_request?.state === 'failed' ? `jit-dispatch retry-pull ${run.run}` : null,
    ),
    ...fact('workspace', workspace),
    ...fact('folder', folder),
    ...fact('log', run.log),
    ...gate_tries.flatMap((each) =>
      fact(
        `gates ${each.try}`,
        `${each.reason ?? 'no end known'}${each.exit_code === null ? '' : `, exit code ${each.exit_code}`}`,
      ),
    ),
    '',
    await style.table(
      time_line.map(({ at, type, data }) => [at, type, summaryOf(data)]),
      ['AT', 'RECORD', 'FACTS'],
    ),
    ...(output_end ? ['', style.dim('end of its output'), output_end] : []),
  ].join('\n');
}

function summaryOf(data: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(data).flatMap(([key, value]) =>
    value === null || typeof value === 'object' ? [] : `${key} ${value}`,
  );
  return oneLine(parts.join(', '));
}
