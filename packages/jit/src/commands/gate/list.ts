import { defineCommand } from '../../cli/define-command.ts';
import { isTrusted } from '../../cli/gate-trust.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toGates } from '../../views/gate.ts';

export const list = defineCommand({
  path: 'gate list',
  summary: 'the gates that are defined',
  examples: [{ argv: 'gate list', does: 'key, stage, how many unfinished issues carry it, title' }],
  output: 'Gate[]',
  run: (context) => readTracker(context, (tx) => toGates(tx, (gate) => isTrusted(context, gate))),
  render: async (gates, style) => {
    if (gates.length === 0) return style.isTty ? style.dim('no gates are defined') : '';
    const rows = gates.map(({ key, stage, mode, trusted, issues, title }) => [
      key,
      stage === 'ready' ? 'entry' : 'exit',
      trusted === false ? `${mode}, not trusted` : mode,
      String(issues.length),
      title,
    ]);
    return style.table(rows, ['gate', 'stage', 'mode', 'issues', 'title']);
  },
});
