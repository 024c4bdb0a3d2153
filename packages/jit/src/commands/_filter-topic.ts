import { FIELDS } from '../domain/filter/fields.ts';

/** The text of `jit help filter`: every field of the language, from the table that the parser uses. */
export function filterTopic(): string {
  const fields = Object.entries(FIELDS).map(([name, { operators, values, means }]) =>
    [`  ${name.padEnd(12)} ${operators.join(' ')}`, ...wrapped(values), ...wrapped(means)].join(
      '\n',
    ),
  );
  return [
    'A filter is conditions joined by AND, OR, NOT and parentheses:',
    '',
    '  state:ready AND (label:epic:auth OR priority>=high) AND NOT assignee:*',
    '',
    'It stands after --filter in jit query, issue list, issue update and',
    'issue claim-next. A condition is FIELD, an operator and a value. NOT binds',
    'closest, then AND, then OR; these words count in any case.',
    '',
    ...fields,
    '',
    'Operators: : and = ask for the value, != for anything else, > >= < <= for the',
    'order. Several values: state:ready,open fits where one of them does. A * in a',
    'value stands for anything, also for nothing. A value with spaces, commas,',
    'parentheses or quotes is quoted, "so" or \'so\'; a backslash takes the next',
    'character as it is, also a star: \\*. A mistake is exit 2 and',
    'shows the character.',
  ].join('\n');
}

const INDENT = ' '.repeat(15);
const WIDTH = 80;

/** The words on as many lines as a terminal of 80 columns needs. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(' ')) {
    const longer = line === INDENT ? line + word : `${line} ${word}`;
    if (longer.length <= WIDTH) line = longer;
    else {
      lines.push(line);
      line = INDENT + word;
    }
  }
  return [...lines, line];
}
