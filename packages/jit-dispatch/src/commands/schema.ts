import type { Command, CommandIndexEntry } from '@jit/cli-kit/define-command';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { DISPATCH_CODES } from '@jit/contract/dispatch-codes';
import { EXIT_CODES, usageError } from '@jit/contract/errors';
import type { JsonSchema } from '@jit/contract/outputs/json-schema';
import { documentOf, schemaOf } from '@jit/contract/outputs/json-schema';
import { type DispatchContext, defineCommand, dispatchGlobals } from '../context.ts';

import { schemaOfConfig } from '../library/config-schema.ts';

const CONFIG = 'dispatch.toml';

/** Makes the command that tells what the commands take and print, given those. */
export function schemaOfCommands(entries: readonly CommandIndexEntry<DispatchContext>[]) {
  return defineCommand({
    path: 'schema',
    summary: 'the JSON Schemas of answers and of dispatch.toml',
    description:
      'Without a word everything in one document: schemas under $defs, commands with their flags and exit codes under x-commands, then exit codes, error codes and the configuration. "error" stands for what every command prints when it fails.',
    examples: [
      { argv: 'schema runs', does: "the schema of one command's answer (draft 2020-12)" },
      { argv: 'schema dispatch.toml', does: 'the schema of the configuration, for editors' },
      { argv: 'schema', does: 'everything in one document' },
    ],
    positionals: [{ name: 'command', variadic: true, describe: 'a command, or dispatch.toml' }],
    output: 'JsonSchema',
    exits: ['2 no such command (with the nearest)'],
    async run(_context, args): Promise<JsonSchema> {
      const path = args.command.join(' ');
      if (path === '') return everything(entries);
      if (path === 'error') return schemaOf('Error', 'jit-dispatch: an error');
      if (path === CONFIG) return schemaOfConfig();
      const entry = entries.find((each) => each.path === path);
      if (entry === undefined) throw await unknownCommand(entries, path);
      return schemaOf((await entry.load()).output, `jit-dispatch ${entry.path}`);
    },
    render: (data) => JSON.stringify(data, null, 2),
  });
}

async function everything(
  entries: readonly CommandIndexEntry<DispatchContext>[],
): Promise<JsonSchema> {
  const loaded: Command<DispatchContext>[] = [];
  for (const { load } of entries) loaded.push(await load());
  const document = documentOf(
    'jit-dispatch',
    new Map(loaded.map(({ path, output }) => [path, output])),
  );
  const answers = document['x-commands'] as Record<string, object>;
  return {
    ...document,
    'x-commands': Object.fromEntries(
      loaded.map(({ path, summary, options, positionals, exits = [] }) => [
        path,
        { ...answers[path], summary, flags: options, positionals, exits },
      ]),
    ),
    'x-global-flags': dispatchGlobals,
    'x-exit-codes': EXIT_CODES,
    'x-dispatch-codes': DISPATCH_CODES,
    'x-config': await schemaOfConfig(),
  };
}

async function unknownCommand(
  entries: readonly CommandIndexEntry<DispatchContext>[],
  path: string,
): Promise<Error> {
  const accepted = ['error', CONFIG, ...entries.map((entry) => entry.path)];
  const nearest = await suggest(path, accepted);
  return usageError(`there is no command '${path}'`, {
    hint: didYouMean(nearest, 'jit-dispatch --help lists the commands'),
    details: { command: path, nearest: nearest ?? null, accepted },
  });
}
