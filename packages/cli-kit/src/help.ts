import yargs, { type Argv, type Options } from 'yargs';
import type { ProgramFacts } from './answer-aside.ts';
import { commandIndex, commandsOf, type Entries } from './command-index.ts';
import type { Command, Example } from './define-command.ts';
import { findHelp } from './find-help.ts';
import type { OptionSpec, OptionSpecs, PositionalSpec } from './option-spec.ts';
import { isRequired, usageLine } from './usage-line.ts';

const OTHER = 'Commands';

/**
 * The help argv asks for: of a topic, a command, a group of commands or the program. No escapes.
 * @param columns width of the layout
 * @throws JitError usage for an unknown command
 */
export async function renderHelp<C>(
  argv: readonly string[],
  facts: ProgramFacts<C>,
  columns: number,
): Promise<string> {
  const target = await findHelp(argv, facts);
  if (target.topic !== undefined) return target.topic;
  if (target.entry === undefined) return overview(target.group, facts, columns);
  return commandHelp(await target.entry.load(), facts, columns);
}

async function overview<C>(
  group: string,
  facts: ProgramFacts<C>,
  columns: number,
): Promise<string> {
  const path = group === '' ? facts.name : `${facts.name} ${group}`;
  const commands = commandsOf(facts.commands, group);
  const headings = group === '' ? [...new Set(commands.map(headingOf))] : [OTHER];
  const parts = [`usage: ${path} <command> [flags]`];
  if (group === '' && facts.summary !== undefined) parts.push(facts.summary);
  for (const heading of headings) {
    const under = commands.filter((entry) => group !== '' || headingOf(entry) === heading);
    parts.push(await commandList(heading, under, facts.name, columns));
  }
  const rest = layout(facts.name, columns);
  addGlobals(rest, facts.globals);
  addExamples(rest, group === '' ? (facts.examples ?? []) : []);
  parts.push(await textOf(rest));
  if (group === '') parts.push(topicsLine(facts));
  return parts.filter((part) => part !== '').join('\n\n');
}

async function commandHelp<C>(
  command: Command<C>,
  facts: ProgramFacts<C>,
  columns: number,
): Promise<string> {
  const page = layout(facts.name, columns);
  for (const spec of command.positionals) {
    const demandOption = spec.required === true;
    page.positional(spec.name, { describe: sentenceOf(spec), demandOption });
  }
  addOptions(page, command.options, 'Flags:');
  addGlobals(page, facts.globals);
  addExamples(page, command.examples);
  const parts = [
    `usage: ${usageLine(facts.name, command)}`,
    command.description ?? command.summary,
    await textOf(page),
  ];
  const aliases = facts.commands.find(({ path }) => path === command.path)?.aliases ?? [];
  if (aliases.length > 0)
    parts.push(`Also: ${aliases.map((path) => `${facts.name} ${path}`).join(', ')}`);
  const hasSchemas = commandIndex(facts.commands).byPath.has('schema');
  const where = hasSchemas ? ` (see ${facts.name} schema ${command.path})` : '';
  parts.push(`Output with --json: ${command.output}${where}`);
  if (command.exits !== undefined) {
    parts.push(['Exit codes:', ...command.exits.map((line) => `  ${line}`)].join('\n'));
  }
  return parts.join('\n\n');
}

/** An empty page of yargs; only its layout is used here, never its parser. */
function layout(name: string, columns: number): Argv {
  return yargs([])
    .scriptName(name)
    .locale('en')
    .help(false)
    .version(false)
    .usage('')
    .wrap(columns)
    .updateStrings({ 'Positionals:': 'Arguments:' });
}

async function textOf(page: Argv): Promise<string> {
  return (await page.getHelp()).trim();
}

function commandList<C>(
  heading: string,
  entries: Entries<C>,
  name: string,
  columns: number,
): Promise<string> {
  // The strings of yargs are shared by all its instances, so each list sets its heading.
  const page = layout(name, columns).updateStrings({ 'Commands:': `${heading}:` });
  for (const { path, summary } of entries) page.command(path, summary);
  return textOf(page);
}

function addOptions(page: Argv, specs: OptionSpecs, heading: string): void {
  for (const [name, spec] of Object.entries(specs)) {
    page.option(name, yargsOption(spec));
    page.group(name, heading);
    if (spec.type !== 'text') continue;
    const file = `${name}-file`;
    page.option(file, { type: 'string', describe: `read --${name} from a file, - is stdin` });
    page.group(file, heading);
  }
}

function addGlobals(page: Argv, specs: OptionSpecs): void {
  const help = { type: 'boolean', alias: 'h', describe: 'show this help' } as const;
  addOptions(page, { ...specs, help }, 'Global flags:');
}

function yargsOption(spec: OptionSpec): Options {
  const types = { list: 'array', text: 'string', string: 'string', file: 'string' } as const;
  return {
    describe: sentenceOf(spec),
    type: spec.type === 'number' || spec.type === 'boolean' ? spec.type : types[spec.type],
    demandOption: isRequired(spec),
    ...(spec.alias !== undefined && { alias: spec.alias }),
    ...('default' in spec && { default: spec.default }),
  };
}

// Choices stand in the sentence: yargs would squeeze them into the column of types.
function sentenceOf(spec: OptionSpec | PositionalSpec): string {
  const parts = [spec.describe];
  if ('type' in spec && spec.type === 'list') {
    parts.push(spec.split === undefined ? 'repeatable' : 'repeatable or comma-separated');
  }
  if ('type' in spec && spec.type === 'file') parts.push('a file, - is stdin');
  if ('choices' in spec && spec.choices) parts.push(spec.choices.join(', '));
  return parts.join('; ');
}

function addExamples(page: Argv, examples: readonly Example[]): void {
  for (const { argv, does } of examples) page.example(`$0 ${argv}`, does);
}

function headingOf({ group = OTHER }: { readonly group?: string }): string {
  return group;
}

function topicsLine<C>({ name, topics = {} }: ProgramFacts<C>): string {
  const list = Object.keys(topics);
  const more = `${name} <command> --help tells more about a command.`;
  return list.length === 0 ? more : `${more}\nTopics: ${name} help ${list.join(' | ')}`;
}
