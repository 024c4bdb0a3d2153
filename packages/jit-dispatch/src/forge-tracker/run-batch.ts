import { JitError, usageError } from '@jit/contract/errors';
import { prepareUpdate } from './calls/update-issue.ts';
import { type Caller, changeOf, commentOf, prepareCall } from './make-call.ts';
import { type Call, optionOf, parseCall } from './parse-call.ts';

/** What came of a line: what it answers, or what it failed with. */
export type Outcome =
  | { readonly result: unknown }
  | { readonly error: unknown; readonly isClaim: boolean };

/**
 * Makes the calls of a batch as if one came after the other: those about different issues are made side by side, and a
 * list is asked for when everything before it is done. One that fails does not stop the others.
 */
export async function runBatch(caller: Caller, input: string): Promise<readonly Outcome[]> {
  const lines = linesOf(input);
  const outcomes: Outcome[] = [];
  for (const part of partsOf(lines)) {
    await Promise.all(
      part.map(async (indexes) => {
        for (const index of indexes) outcomes[index] = await outcomeOf(lines[index], caller);
      }),
    );
  }
  return outcomes;
}

/** The places of lines: parts come one after the other, the groups of a part side by side. */
function partsOf(lines: readonly Line[]): readonly (readonly (readonly number[])[])[] {
  const parts: { isOfLists: boolean; groups: Map<string, number[]> }[] = [];
  lines.forEach((line, index) => {
    const issue = 'call' in line ? issueOf(line.call) : '';
    const isOfLists = issue === null;
    if (parts.at(-1)?.isOfLists !== isOfLists) parts.push({ isOfLists, groups: new Map() });
    const about = issue ?? `list ${index}`;
    const groups = parts.at(-1)?.groups;
    groups?.set(about, [...(groups.get(about) ?? []), index]);
  });
  return parts.map(({ groups }) => [...groups.values()]);
}

/**
 * The same, all or nothing as far as a forge allows: everything is checked before anything is done. What fails then,
 * or a crash, leaves the first changes done; each of them may be repeated.
 */
export async function runAtomic(caller: Caller, input: string): Promise<readonly Outcome[]> {
  const lines = linesOf(input);
  const units = unitsOf(lines);
  const prepared = await Promise.all(units.map((unit) => prepareUnit(caller, unit)));
  if (prepared.some((each) => 'error' in each))
    return units.flatMap((unit, index) => {
      const each = prepared[index];
      const error = each !== undefined && 'error' in each ? each.error : rolledBack();
      return unit.map((_, at) => failed(at === 0 ? error : rolledBack()));
    });
  const outcomes: Outcome[] = [];
  let broken: unknown = null;
  for (const [index, unit] of units.entries()) {
    const each = prepared[index];
    if (broken !== null || each === undefined || 'error' in each) {
      outcomes.push(...unit.map(() => failed(rolledBack())));
      continue;
    }
    try {
      outcomes.push(...(await each.do()));
    } catch (error) {
      broken = error;
      outcomes.push(...unit.map((_, at) => failed(at === 0 ? error : rolledBack())));
    }
  }
  return outcomes;
}

type Line = { readonly call: Call } | { readonly error: unknown };

function linesOf(input: string): Line[] {
  return input
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Line => {
      try {
        const argv: unknown = JSON.parse(line);
        if (!Array.isArray(argv) || argv.some((word) => typeof word !== 'string'))
          throw usageError('a line of a batch is a list of words, as JSON');
        const call = parseCall(argv as string[]);
        if (call.path === 'batch') throw usageError('a batch holds no batch');
        return { call };
      } catch (error) {
        return {
          error: error instanceof SyntaxError ? usageError('a line of a batch is no JSON') : error,
        };
      }
    });
}

/** The issue that a call is about; null: it is about all of them. */
function issueOf(call: Call): string | null {
  if (call.path.startsWith('query')) return null;
  return call.path === 'events query'
    ? (optionOf(call, 'issue') ?? null)
    : (call.positionals[0] ?? '');
}

async function outcomeOf(line: Line | undefined, caller: Caller): Promise<Outcome> {
  try {
    if (line === undefined || 'error' in line) return failed(line?.error);
    return { result: await (await prepareCall(caller, line.call))() };
  } catch (error) {
    return failed(error, line !== undefined && 'call' in line && line.call.path === 'issue claim');
  }
}

/** Labels that are put on, with the comment that says why: neither is to be there without the other. */
function unitsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const units: Line[][] = [];
  for (const line of lines) {
    const before = units.at(-1);
    const [label] = before ?? [];
    if (before?.length === 1 && label !== undefined && goTogether(label, line)) before.push(line);
    else units.push([line]);
  }
  return units;
}

function goTogether(first: Line, second: Line): boolean {
  if ('error' in first || 'error' in second) return false;
  const isLabel =
    first.call.path === 'issue update' &&
    first.call.options.has('add-label') &&
    !first.call.options.has('state');
  return (
    isLabel &&
    second.call.path === 'issue comment' &&
    first.call.positionals[0] === second.call.positionals[0]
  );
}

async function prepareUnit(
  caller: Caller,
  [first, second]: readonly Line[],
): Promise<{ readonly error: unknown } | { do(): Promise<Outcome[]> }> {
  try {
    if (first === undefined || 'error' in first) return { error: first?.error };
    if (second === undefined) {
      const make = await prepareCall(caller, first.call);
      return { do: async () => [{ result: await make() }] };
    }
    if ('error' in second) return { error: second.error };
    const id = first.call.positionals[0] ?? '';
    const update = await prepareUpdate(caller.desk, id, changeOf(caller, first.call, id));
    const { text } = commentOf(caller, second.call, id);
    if (text.trim() === '') return { error: usageError('the comment is empty') };
    return { do: async () => (await update.doWith(text)).map((result) => ({ result })) };
  } catch (error) {
    return { error };
  }
}

function failed(error: unknown, isClaim = false): Outcome {
  return { error, isClaim };
}

function rolledBack(): JitError {
  return new JitError('blocked', 'ROLLED_BACK', 'not done, because another line failed', {
    hint: 'Look at the line that failed.',
  });
}
