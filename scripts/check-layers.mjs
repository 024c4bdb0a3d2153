// The layering rules that Biome cannot express; the others are in biome.json.
// `node scripts/check-layers.mjs [folder]` prints each violation and where the code should go.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = dirname(dirname(fileURLToPath(import.meta.url)));

const IMPORT =
  /\b(?:import|export)\s+(type\s)?[^'";]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** The text with comments blanked out, so that line numbers stay. */
const withoutComments = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{(])\/\/[^\n]*/g, '$1');

const lineOf = (text, index) => text.slice(0, index).split('\n').length;

/** A source file with what the rules ask about; `room` is the first folder below src. */
function parse(path, source) {
  const text = withoutComments(source);
  const [, name, , room = ''] = path.split('/');
  const imports = [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[2] ?? match[3];
    const isRelative = specifier.startsWith('.');
    return {
      specifier,
      isRelative,
      target: isRelative ? posix.join(posix.dirname(path), specifier) : specifier,
      isType: match[1] !== undefined,
      line: lineOf(text, match.index),
    };
  });
  const test = path.endsWith('.test.ts') || path.split('/')[2] === 'test';
  return { path, text, name, room, imports, isTest: test };
}

const folderBelow = (path, room) => {
  const rest = path.split(`/src/${room}/`)[1] ?? '';
  return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : undefined;
};

const eachImport = (test) => (file) => file.imports.filter((edge) => test(file, edge));
const eachMatch = (pattern) => (file) =>
  [...file.text.matchAll(pattern)].map((match) => ({ line: lineOf(file.text, match.index) }));

const RULES = [
  {
    rule: 'cross-package-import',
    says: 'import another package by its name (@jit/contract/vocabulary), not by a relative path',
    tests: true,
    find: eachImport(
      ({ name }, { isRelative, target }) => isRelative && !target.startsWith(`packages/${name}/`),
    ),
  },
  {
    rule: 'import-extension',
    says: 'relative imports end in .ts, so that the sources need no resolver',
    tests: true,
    find: eachImport(
      (_, { isRelative, specifier }) => isRelative && !/\.(ts|mjs|js|json)$/.test(specifier),
    ),
  },
  {
    rule: 'private-file',
    says: '_name.ts is private to its folder: give what a second folder needs a name of its own in the lower room',
    tests: true,
    find: eachImport(
      ({ path }, { isRelative, target }) =>
        isRelative &&
        basename(target).startsWith('_') &&
        !`${dirname(path)}/`.startsWith(`${dirname(target)}/`),
    ),
  },
  {
    rule: 'clock-in-pure-room',
    says: 'this room is pure: take the time as a parameter',
    applies: isPure,
    find: eachMatch(/\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(]))|(?<![\w.]|new\s+)Date\s*\(/g),
  },
  {
    rule: 'config-value-in-planning',
    says: 'planning uses the types of config only: write `import type`, and take the value as a parameter',
    applies: ({ name, room }) => name === 'jit-dispatch' && room === 'planning',
    find: eachImport((_, { target, isType }) => target.includes('/src/config/') && !isType),
  },
  {
    rule: 'command-imports-command',
    says: 'what two commands share is an operation, a view, a room of cli/, or a _file in their own folder',
    applies: ({ room, path }) => room === 'commands' && basename(path) !== 'index.ts',
    find: eachImport(
      ({ name, path }, { target }) =>
        target.startsWith(`packages/${name}/src/commands/`) &&
        !(basename(target).startsWith('_') && dirname(target) === dirname(path)),
    ),
  },
  {
    rule: 'command-past-library',
    says: 'a command of jit-dispatch uses the library only: call context.dispatcher, or add what is missing to operations/ and library/',
    applies: ({ name, room }) => name === 'jit-dispatch' && room === 'commands',
    find: eachImport(
      (_, { isRelative, target }) =>
        isRelative && !/\/src\/(?:(?:commands|library|views)\/|context\.ts$)/.test(target),
    ),
  },
  {
    rule: 'cli-imports-command',
    says: 'cli/ is what commands share: it knows none of them',
    applies: ({ room }) => room === 'cli',
    find: eachImport((_, { target }) => target.includes('/src/commands/')),
  },
  {
    rule: 'runner-imports-runner',
    says: 'a kind of agent knows no other kind: what they share belongs in runners/ beside runner.ts',
    applies: ({ room, path }) => room === 'runners' && folderBelow(path, 'runners') !== undefined,
    find: eachImport(({ path }, { target }) => {
      const other = folderBelow(target, 'runners');
      return other !== undefined && other !== folderBelow(path, 'runners');
    }),
  },
  {
    rule: 'dispatcher-imports-tracker-package',
    says: 'jit is reached as a program, through tracker/: jit-dispatch runs where jit may not be installed',
    applies: ({ name }) => name === 'jit-dispatch',
    find: eachImport((_, { specifier }) => specifier === 'jit' || specifier.startsWith('jit/')),
  },
  {
    rule: 'shell-string',
    says: 'no shell: pass a program and its arguments as a list',
    find: eachMatch(/\bshell:(?!\s*false\b)|\bexecaCommand\b|\bexecSync\s*\(/g),
  },
];

function isPure({ name, room, path }) {
  if (name === 'jit') return room === 'domain';
  return (
    name === 'jit-dispatch' && (room === 'planning' || path.includes('/forge-tracker/reading/'))
  );
}

function violationsOf(file) {
  return RULES.filter(
    ({ applies, tests }) => (tests || !file.isTest) && (applies?.(file) ?? true),
  ).flatMap(({ rule, says, find }) =>
    find(file).map(({ line }) => `${file.path}:${line} ${rule}: ${says}`),
  );
}

function sourceFiles(root) {
  const packages = join(root, 'packages');
  return readdirSync(packages).flatMap((name) =>
    ['src', 'test'].flatMap((folder) => {
      try {
        return readdirSync(join(packages, name, folder), { recursive: true })
          .filter((file) => file.endsWith('.ts') && !/(^|[\\/])fixtures[\\/]/.test(file))
          .map((file) => join(packages, name, folder, file));
      } catch (error) {
        if (error.code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
}

const root = process.argv[2] ?? repository;
const violations = sourceFiles(root)
  .sort()
  .flatMap((path) =>
    violationsOf(parse(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'))),
  );
for (const violation of violations) process.stdout.write(`${violation}\n`);
if (violations.length > 0) process.exitCode = 1;
