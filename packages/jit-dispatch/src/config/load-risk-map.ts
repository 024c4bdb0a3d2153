import { readFileSync, statSync } from 'node:fs';
import type { RiskMap } from './choosing.ts';
import type { DispatchConfig } from './config.ts';
import { globPattern } from './glob-pattern.ts';
import { plainWords } from './plain-words.ts';
import type { Problem } from './problem.ts';
import { RiskMapFile } from './schema-choosing.ts';
import { keywordProblem, wordPattern } from './word-pattern.ts';

/** A map is no book. */
const MAX_BYTES = 1024 * 1024;
const PATH = ['risk', 'map'];

/** Reads the risk map where one is named: a configuration that was loaded holds a map that is sound. */
export function withRiskMap(config: DispatchConfig, problems: Problem[]): DispatchConfig {
  const { risk } = config.choosing;
  if (risk.file === null) return config;
  const map = read(risk.file, (message) => {
    problems.push({ path: PATH, message: `${risk.file}${message}` });
    return null;
  });
  return { ...config, choosing: { ...config.choosing, risk: { ...risk, map } } };
}

/** Further files that a configuration was read from: a change of one of them changes it. */
export function riskFiles({ choosing }: DispatchConfig): readonly string[] {
  return choosing.risk.file === null ? [] : [choosing.risk.file];
}

function read(file: string, refuse: (message: string) => null): RiskMap | null {
  let written: unknown;
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return refuse(' is no file');
    if (stats.size > MAX_BYTES) return refuse(' has more than 1 MiB');
    written = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`: no valid JSON: ${error.message}`);
    const { code, message } = error as NodeJS.ErrnoException;
    return refuse(code === 'ENOENT' ? ' does not exist' : ` can't be read: ${message}`);
  }
  const checked = RiskMapFile.safeParse(written, { error: plainWords });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return refuse(`: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
  }
  const { keywords, paths, default: otherwise } = checked.data;
  for (const word of Object.keys(keywords)) {
    const problem = keywordProblem(word);
    if (problem !== null) return refuse(`: keywords: ${JSON.stringify(word)} ${problem}`);
  }
  return {
    keywords: Object.entries(keywords).map(([word, score]) => ({
      word,
      pattern: wordPattern([word]),
      score,
    })),
    paths: Object.entries(paths).map(([glob, score]) => ({
      glob,
      pattern: globPattern(glob),
      score,
    })),
    otherwise,
  };
}
