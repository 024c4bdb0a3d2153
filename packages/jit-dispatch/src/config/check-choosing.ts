import { resolve } from 'node:path';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { STRATEGIES } from '@jit/contract/vocabulary';
import type {
  ChoosingConfig,
  ClassificationConfig,
  Signals,
  Strategy,
  TaskTypeRule,
} from './choosing.ts';
import { DEFAULT_TASK_TYPES } from './default-words.ts';
import type { KeyPath } from './locate-key.ts';
import type { Problem } from './problem.ts';
import { programOf } from './program-of.ts';
import type { DispatchFile } from './schema.ts';
import { keywordProblem, wordPattern } from './word-pattern.ts';

interface Place {
  readonly folder: string;
  readonly problems: Problem[];
}

/** Turns the keys about who gets what into their configuration. The risk map is read afterwards. */
export async function checkChoosing(written: DispatchFile, place: Place): Promise<ChoosingConfig> {
  const { match, risk, label_filter, seed, escalation } = written;
  if (Object.values(match).every((weight) => weight === 0))
    place.problems.push({ path: ['match'], message: 'has no weight above 0: nothing would count' });
  return {
    strategy: await strategyOf(written, ['strategy'], place.problems),
    seed,
    labelFilter: label_filter,
    match,
    taskTypes: taskTypesOf(written, place.problems),
    classification: classificationOf(written, place),
    risk: {
      file: risk.map === undefined ? null : resolve(place.folder, risk.map),
      map: null,
      threshold: risk.threshold,
    },
    escalatesUnsuitable: escalation.no_suitable_agent,
  };
}

/** The strategy that is written, or what is wrong with it. */
export async function strategyOf(
  {
    strategy,
    agents,
  }: { readonly strategy: string; readonly agents: readonly { readonly id: string }[] },
  path: KeyPath,
  problems: Problem[],
): Promise<Strategy> {
  const fallback: Strategy = { name: 'best-match', agent: null };
  const only = /^only:(.*)$/.exec(strategy)?.[1];
  if (only !== undefined) {
    const ids = agents.map(({ id }) => id);
    if (ids.includes(only)) return { name: 'only', agent: only };
    const nearest = await suggest(only, ids);
    const hint = didYouMean(nearest, `there are ${ids.join(', ')}`);
    problems.push({ path, message: `is only:${only}, and no agent is called "${only}"; ${hint}` });
    return fallback;
  }
  const names = STRATEGIES.filter((name) => name !== 'only');
  const name = names.find((each) => each === strategy);
  if (name !== undefined) return { name, agent: null };
  const nearest = await suggest(strategy, names);
  const hint = didYouMean(nearest, `there are ${names.join(', ')} and only:AGENT`);
  problems.push({ path, message: `"${strategy}" is no strategy; ${hint}` });
  return fallback;
}

function taskTypesOf({ task_types }: DispatchFile, problems: Problem[]): readonly TaskTypeRule[] {
  const table = task_types.length === 0 ? DEFAULT_TASK_TYPES : task_types;
  const first = new Map<string, number>();
  return table.map(({ name, keywords }, index) => {
    const path = ['task_types', index];
    const folded = name.toLowerCase().replaceAll('-', '_');
    const other = first.get(folded);
    if (other === undefined) first.set(folded, index);
    else
      problems.push({
        path: [...path, 'name'],
        message: `${name} is task_types[${other}] already`,
      });
    const isSound = checkWords(keywords, [...path, 'keywords'], problems);
    const pattern = keywords.length === 0 || !isSound ? null : wordPattern(keywords);
    return { name: folded, keywords, pattern };
  });
}

function classificationOf(written: DispatchFile, place: Place): ClassificationConfig {
  const { classification: table, agents } = written;
  const { problems } = place;
  const path = ['classification'];
  const argv = programOf(table.command, [...path, 'command'], place);
  const hasPerson = agents.some((agent) => agent.class !== 'ai');
  const otherwise = hasPerson ? 'keywords' : 'none';
  const by = table.by ?? (table.command === undefined ? otherwise : 'command');
  if (by === 'command' && table.command === undefined)
    problems.push({ path: [...path, 'by'], message: 'is "command", and there is no command' });
  const signals = (name: 'human' | 'hybrid' | 'ai'): Signals => {
    const isSound = checkWords(table[name], [...path, name], problems);
    const words = isSound ? table[name] : [];
    return { keywords: words.map((word) => ({ word, pattern: wordPattern([word]) })) };
  };
  return {
    by,
    program:
      by === 'command' && argv !== null
        ? {
            argv,
            timeoutSecs: table.timeout_secs,
            retrySecs: table.retry_secs,
            passEnv: table.pass_env,
          }
        : null,
    onFailure: table.on_failure,
    threshold: table.threshold,
    human: signals('human'),
    hybrid: signals('hybrid'),
    ai: signals('ai'),
  };
}

function checkWords(words: readonly string[], path: KeyPath, problems: Problem[]): boolean {
  const found = words.flatMap((word, index) => {
    const problem = keywordProblem(word);
    return problem === null
      ? []
      : [{ path: [...path, index], message: `${JSON.stringify(word)} ${problem}` }];
  });
  problems.push(...found);
  return found.length === 0;
}
