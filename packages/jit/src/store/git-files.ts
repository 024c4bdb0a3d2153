import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cannotWrite } from './errors.ts';

/** A line that a file of `.jit` needs for git, and how lines that say the same look. */
interface WantedLine {
  readonly file: '.gitattributes' | '.gitignore';
  readonly line: string;
  /** Lines that settle the matter, whatever they say about it. */
  readonly settles: RegExp;
  /** Among those, the ones that say what is wanted. */
  readonly agrees: RegExp;
}

const ATTRIBUTES = [
  { pattern: 'events/*.jsonl', driver: 'union' },
  { pattern: 'issues/*.json', driver: 'jit' },
  { pattern: 'gates/*.json', driver: 'jit' },
] as const;

const WANTED: readonly WantedLine[] = [
  ...ATTRIBUTES.map(({ pattern, driver }): WantedLine => {
    const start = `^\\s*/?${pattern.replace(/[.*]/g, '\\$&')}\\s(?:.*\\s)?`;
    return {
      file: '.gitattributes',
      line: `${pattern} merge=${driver} text eol=lf`,
      settles: new RegExp(`${start}[-!]?merge(?:[=\\s]|$)`, 'm'),
      agrees: new RegExp(`${start}merge=${driver}(?:\\s|$)`, 'm'),
    };
  }),
  {
    file: '.gitignore',
    line: '/local/',
    settles: /^\s*\/?local\/?\s*$/m,
    agrees: /^\s*\/?local\/?\s*$/m,
  },
];

/** How a wanted line stands: there, put there now, not there, or settled otherwise by somebody. */
export interface LineStatus {
  readonly file: string;
  readonly line: string;
  readonly status: 'already so' | 'set' | 'missing' | 'kept';
}

/** The files for git of a new tracker, by path inside `.jit`. */
export const GIT_FILES: Readonly<Record<string, string>> = {
  '.gitignore': `# Locks, index and leases of this machine.\n${linesOf('.gitignore')}`,
  '.gitattributes': `# Event lines of both sides belong to a merge. Issues and gates are merged by jit merge-driver, where\n# jit git setup has registered it; elsewhere git merges them as text.\n${linesOf('.gitattributes')}*.json text eol=lf\n`,
};

function linesOf(file: WantedLine['file']): string {
  return WANTED.filter((wanted) => wanted.file === file)
    .map(({ line }) => `${line}\n`)
    .join('');
}

/** Adds what `.gitattributes` and `.gitignore` of a tracker lack; what others wrote stays. With `check` nothing is written. */
export function ensureGitLines(root: string, check: boolean): readonly LineStatus[] {
  const texts = new Map<string, string>();
  const statuses: LineStatus[] = [];
  for (const { file, line, settles, agrees } of WANTED) {
    const text = texts.get(file) ?? read(join(root, file));
    texts.set(file, text);
    if (settles.test(text)) {
      statuses.push({ file, line, status: agrees.test(text) ? 'already so' : 'kept' });
      continue;
    }
    statuses.push({ file, line, status: check ? 'missing' : 'set' });
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    texts.set(file, `${text}${gap}${line}\n`);
  }
  for (const file of new Set(statuses.filter(({ status }) => status === 'set').map((s) => s.file)))
    write(join(root, file), texts.get(file) ?? '');
  return statuses;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw cannotWrite(error, path);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw cannotWrite(error, path);
  }
}
