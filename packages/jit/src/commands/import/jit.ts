import { join, resolve } from 'node:path';
import { defineCommand } from '../../cli/define-command.ts';
import { saysNothing } from '../../domain/config-text.ts';
import { readJitDocument, readJitFiles } from '../../import/jit.ts';
import type { JitContent } from '../../import/jit-content.ts';
import { readJitSource } from '../../import/read-source.ts';
import type { ConfigFate } from '../../operations/restore-tracker.ts';
import { restoreTracker } from '../../operations/restore-tracker.ts';
import { parseConfig, readConfigText, writeConfigFile } from '../../platform/config-file.ts';
import { renderImport } from './_render.ts';
import { importExits, importOptions } from './_take-over.ts';

export const jit = defineCommand({
  path: 'import jit',
  summary: 'take over an export of jit, or another .jit folder',
  description:
    'Issues, gates, events and settings come over as they are, claims included; a claim of another machine does not expire here. What is here already stays as it is, so a second run changes nothing; what differs is named.',
  examples: [
    { argv: 'import jit tracker.json --dry-run', does: 'tells what would come over' },
    { argv: 'import jit ../other', does: 'takes over the tracker of another repository' },
  ],
  positionals: [
    {
      name: 'path',
      required: true,
      describe: 'a document of jit export, a .jit folder, or the folder that has one',
    },
  ],
  options: importOptions,
  output: 'Import',
  exits: importExits,
  run(context, args) {
    const path = resolve(context.around.cwd, args.path);
    const content = readContent(path);
    const config = planConfig(join(context.where.dir, 'config.toml'), path, content);
    const request = { actor: context.actor, dryRun: args.dryRun };
    const output = restoreTracker(context.store, content, config.fate, request);
    if (!args.dryRun) config.write();
    return output;
  },
  render: renderImport,
});

function readContent(path: string): JitContent {
  const source = readJitSource(path);
  return source.kind === 'document'
    ? readJitDocument(source.text, path)
    : readJitFiles(source.files);
}

/** The settings of the source come over where this tracker has none. Errors: CONFIG_INVALID (4). */
function planConfig(
  file: string,
  path: string,
  { config }: JitContent,
): { fate: ConfigFate; write: () => void } {
  const here = readConfigText(file);
  const idle = (fate: ConfigFate) => ({ fate, write: () => {} });
  if (config === null) return idle('none');
  if (config === here) return idle('same');
  parseConfig(`${path}: config.toml`, config);
  if (here !== null && !saysNothing(here)) return idle(saysNothing(config) ? 'same' : 'skipped');
  return { fate: 'written', write: () => writeConfigFile(file, here, config) };
}
