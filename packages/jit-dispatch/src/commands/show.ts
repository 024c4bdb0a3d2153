import { join } from 'node:path';
import type { Style } from '@jit/cli-kit/style';
import type { RunDetailsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { readRecord } from '../keeper/records.ts';
import { type ExitRecord, RUN_FILES } from '../run-records.ts';
import { openOutput } from '../runners/open-output.ts';
import { gatesPhase } from '../runners/phases.ts';
import { readStall } from '../runners/read-run.ts';
import { oneLine } from '../views/one-line.ts';
import { outputEnd } from '../views/output-end.ts';
import { toRunOutput } from '../views/to-run-output.ts';
import { askedSites, repositoryOption } from './_asked-sites.ts';
import { collectText, lastLines } from './_log-text.ts';
import { resolveRun } from './_resolve-run.ts';

const MAX_BYTES = 16 * 1024;

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
  async run(context, { run: typed, tail, repository }): Promise<RunDetailsOutput> {
    const sites = await askedSites(context, repository);
    const { site, ...run } = await resolveRun({ ...context, sites }, typed);
    const ledger = await context.readLedger(site);
    const runs = join(site.folder, 'runs');
    const folder = join(runs, run.run);
    const reader = openOutput(folder);
    const { text, leftOut } = collectText(reader);
    const end = outputEnd(lastLines(text, tail), MAX_BYTES);
    return {
      repository: site.repository,
      run: toRunOutput(run, readStall(folder)),
      workspace: run.workspace,
      folder,
      time_line: (ledger?.timeLine(run.run) ?? []).map(({ at, type, data }) => ({
        at,
        type,
        data: withoutToken(data, run.token),
      })),
      gate_tries: Array.from({ length: run.gate_tries }, (_, index) => {
        const its = join(runs, gatesPhase(run.run, index + 1));
        const exit = readRecord<ExitRecord>(join(its, RUN_FILES.exit));
        const facts = { reason: exit?.reason ?? null, exit_code: exit?.code ?? null };
        return { try: index + 1, folder: its, ...facts };
      }),
      output_end: reader.exists ? end : null,
      left_out: leftOut > 0 || lastLines(text, tail).length < text.length,
    };
  },
  render: renderDetails,
});

/** Records name steps, never tokens; one that did all the same is not printed. */
function withoutToken(data: unknown, token: string): Record<string, unknown> {
  const text = JSON.stringify(data ?? {});
  return JSON.parse(token === '' ? text : text.replaceAll(token, '[token]'));
}

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
