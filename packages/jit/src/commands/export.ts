import { join, resolve } from 'node:path';
import { harmlessJson } from '@jit/cli-kit/harmless';
import { JitError } from '@jit/contract/errors';
import type { ExportFileOutput, ExportOutput } from '@jit/contract/outputs/repository';
import { defineCommand } from '../cli/define-command.ts';
import { refusePlace } from '../cli/output-file.ts';
import type { JitContext } from '../context.ts';
import { toDocument } from '../import/jit-content.ts';
import { readConfigText } from '../platform/config-file.ts';
import { readBytes, replaceFile } from '../platform/replace-file.ts';

export const exportAll = defineCommand({
  path: 'export',
  summary: 'the whole tracker as one JSON document',
  description:
    'Issues and gates as their files have them, every event with its id, and the settings: jit import jit makes the same tracker of it again. What stays on this machine is not in it: leases, outputs of checkers, trust.',
  examples: [
    { argv: 'export -o tracker.json', does: 'writes it to a file, in one step' },
    { argv: 'export', does: 'prints it' },
  ],
  options: {
    output: {
      type: 'string',
      alias: 'o',
      placeholder: 'FILE',
      describe: 'write it to this file instead of stdout',
    },
  },
  output: 'Export | ExportFile',
  exits: [
    "4 a file of the tracker can't be used: an export would lack it",
    '2 the file lies inside the tracker',
    '3 there is no such folder',
    '5 the file may not be written',
    '6 FILE_EXISTS: the file holds something else than an export',
  ],
  run(context, args): ExportOutput | ExportFileOutput {
    if (args.output === undefined) return gather(context);
    const file = resolve(context.around.cwd, args.output);
    refusePlace(file, context.where.dir);
    const document = gather(context);
    const bytes = Buffer.from(textOf(document), 'utf8');
    const { issues, gates, events } = document;
    return {
      file,
      issues: issues.length,
      gates: gates.length,
      events: events.length,
      bytes: bytes.length,
      changed: write(file, bytes),
    };
  },
  render: (data) =>
    'file' in data
      ? `wrote ${data.issues} issues, ${data.gates} gates and ${data.events} events to ${data.file}`
      : textOf(data).trimEnd(),
});

function textOf(document: ExportOutput): string {
  return `${harmlessJson(document, 2)}\n`;
}

function gather(context: JitContext): ExportOutput {
  const facts = context.store.inspect();
  if (facts.unreadable.length > 0) {
    const named = facts.unreadable.map(({ path, problem }) => `.jit/${path}: ${problem}`);
    throw new JitError(
      'invalid',
      'UNREADABLE',
      `an export would not be whole: ${named.join('; ')}`,
      {
        hint: 'Mend these files first; jit validate lists them.',
        details: { files: facts.unreadable.map(({ path }) => path) },
      },
    );
  }
  for (const { file, line, problem } of facts.badEventLines)
    context.warn(`.jit/${file}:${line} is not in the export: ${problem}`);
  const { issues, gates, events, config } = toDocument({
    issues: facts.issues,
    gates: [...facts.gates.values()],
    events: facts.events,
    config: readConfigText(join(context.where.dir, 'config.toml')),
  });
  return { schema: 1, issues: [...issues], gates: [...gates], events: [...events], config };
}

/** An earlier export may be replaced by a newer one, nothing else. */
function isExport(bytes: Buffer): boolean {
  try {
    const { schema, issues, events } = JSON.parse(bytes.toString('utf8'));
    return typeof schema === 'number' && Array.isArray(issues) && Array.isArray(events);
  } catch {
    return false;
  }
}

function somethingElse(file: string): JitError {
  return new JitError('conflict', 'FILE_EXISTS', `${file} is there and is no export: left alone`, {
    hint: 'Name another file.',
    details: { file },
  });
}

function write(file: string, bytes: Buffer): boolean {
  try {
    const before = readBytes(file);
    if (before?.equals(bytes)) return false;
    if (before !== null && before.length > 0 && !isExport(before)) throw somethingElse(file);
    if (replaceFile(file, before, bytes)) return true;
  } catch (error) {
    if (error instanceof JitError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new JitError('permission', 'NOT_WRITABLE', `${file} can't be written: ${why}`, {
      hint: 'Look at the rights of the file and its folder.',
      details: { file },
      cause: error,
    });
  }
  throw new JitError('conflict', 'FILE_CHANGED', `${file} was changed meanwhile: left alone`, {
    hint: 'Try again.',
    retryable: true,
    details: { file },
  });
}
