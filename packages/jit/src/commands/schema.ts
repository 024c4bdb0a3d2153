import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { usageError } from '@jit/contract/errors';
import type { JsonSchema } from '@jit/contract/outputs/json-schema';
import { documentOf, schemaOf } from '@jit/contract/outputs/json-schema';
import { defineCommand } from '../cli/define-command.ts';
import type { JitContext } from '../context.ts';

/** Makes the command that tells what the commands print, given those. */
export function schemaOfCommands(commands: readonly CommandIndexEntry<JitContext>[]) {
  return defineCommand({
    path: 'schema',
    summary: 'the JSON Schema of what commands print with --json',
    description:
      'Without a command every schema, under $defs, with x-commands telling which command prints which. "error" stands for what every command prints when it fails.',
    examples: [
      { argv: 'schema query ready', does: "the schema of one command's answer (draft 2020-12)" },
      { argv: 'schema error', does: 'the schema of an error' },
      { argv: 'schema', does: 'all of them in one document' },
    ],
    positionals: [{ name: 'command', variadic: true, describe: 'the words of a command' }],
    output: 'JsonSchema',
    exits: ['2 no such command (with the nearest)'],
    async run(_context, args): Promise<JsonSchema> {
      if (args.command.length === 0) return documentOf('jit', await outputNames(commands));
      const path = args.command.join(' ');
      if (path === 'error') return schemaOf('Error', 'jit: an error');
      const entry = commands.find(
        ({ path: own, aliases }) => own === path || aliases?.includes(path),
      );
      if (entry === undefined) throw await unknownCommand(commands, path);
      return schemaOf((await entry.load()).output, `jit ${entry.path}`);
    },
    render: (data) => JSON.stringify(data, null, 2),
  });
}

async function outputNames(
  entries: readonly CommandIndexEntry<JitContext>[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { path, load } of entries) names.set(path, (await load()).output);
  return names;
}

async function unknownCommand(
  entries: readonly CommandIndexEntry<JitContext>[],
  path: string,
): Promise<Error> {
  const accepted = ['error', ...entries.map((entry) => entry.path)];
  const nearest = await suggest(path, accepted);
  return usageError(`there is no command '${path}'`, {
    hint: didYouMean(nearest, 'jit --help lists the commands'),
    details: { command: path, nearest: nearest ?? null, accepted },
  });
}
