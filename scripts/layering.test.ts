// A guard can die silently: each rule family must still catch a file that breaks it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

type Case = { file: string; source: string; rule: string; says?: string };
type Finding = { path: string; rule: string; message: string };

const JIT = 'packages/jit/src';
const DISPATCH = 'packages/jit-dispatch/src';

/** Imports that a room must refuse, with a word of the sentence that says where the code goes. */
const IMPORTS: [room: string, specifier: string, says: string][] = [
  ['packages/contract/src', 'zod', 'contract/src/outputs'],
  ['packages/contract/src', 'node:fs', 'words only'],
  ['packages/contract/src/outputs', 'node:fs/promises', 'words only'],
  ['packages/cli-kit/src', '@jit/contract/outputs/issue', 'cli-kit knows no issue'],
  ['packages/cli-kit/src', 'better-sqlite3', 'storage'],
  [`${JIT}/domain`, 'node:fs', 'domain is pure'],
  [`${JIT}/domain/validation`, 'node:fs/promises', 'domain is pure'],
  [`${JIT}/domain`, 'zod', 'domain is pure'],
  [`${JIT}/domain/validation`, '../../store/store.ts', 'lowest room'],
  [`${JIT}/domain`, '@jit/cli-kit/run', 'lowest room'],
  [`${JIT}/domain`, '@jit/contract/outputs/issue', 'views/'],
  [`${JIT}/store/files`, '../../operations/claim-issue.ts', 'only keeps'],
  [`${JIT}/store`, '@jit/cli-kit/print', 'JitError'],
  [`${JIT}/operations`, '../commands/status.ts', 'shape the output'],
  [`${JIT}/operations`, '../store/files/codec.ts', 'Store interface'],
  [`${JIT}/operations`, '../store/codec.ts', 'Store interface'],
  [`${JIT}/operations`, 'better-sqlite3', 'Store interface'],
  [`${JIT}/operations`, 'zod', 'at the edge'],
  [`${JIT}/operations`, '@jit/cli-kit/io', 'no command line'],
  [`${JIT}/views`, '../store/open-store.ts', 'pass it in'],
  [`${JIT}/commands/issue`, '../../store/index/refresh.ts', 'context.store'],
  [`${JIT}/commands/issue`, 'better-sqlite3', 'context.store'],
  [`${JIT}/commands`, 'execa', 'platform/'],
  [`${JIT}/import`, '../operations/create-issue.ts', 'an operation'],
  [`${JIT}/platform`, '../store/store.ts', 'knows no tracker'],
  [`${DISPATCH}/planning`, 'node:os', 'planning is pure'],
  [`${DISPATCH}/planning`, '../ledger/ledger.ts', 'returns actions'],
  [`${DISPATCH}/tracker`, 'jit', 'never import the jit package'],
  [`${DISPATCH}/tracker`, '../ledger/ledger.ts', 'port'],
  [`${DISPATCH}/forge`, '../ledger/ledger.ts', 'knows no run'],
  [`${DISPATCH}/forge/github`, '../../tracker/tracker.ts', 'knows no run'],
  [`${DISPATCH}/forge/gitea`, '@jit/cli-kit/print', 'speaks HTTP'],
  [`${DISPATCH}/forge-tracker`, '../daemon/cycle.ts', 'speaks as jit does'],
  [`${DISPATCH}/forge-tracker/calls`, 'execa', 'asks forge/ and nothing else'],
  [`${DISPATCH}/forge-tracker/reading`, 'node:fs', 'reading is pure'],
  [`${DISPATCH}/forge-tracker/reading`, '../calls/query.ts', 'reading is pure'],
  [`${DISPATCH}/runners/command`, '../../tracker/tracker.ts', 'one agent'],
  [`${DISPATCH}/ledger`, '../runners/runner.ts', 'only stores runs'],
  [`${DISPATCH}/workspaces`, '../daemon/cycle.ts', 'makes and removes folders'],
  [`${DISPATCH}/workspaces`, 'zod', 'must start fast'],
  [`${DISPATCH}/ledger`, 'zod', 'only stores runs'],
  [`${DISPATCH}/daemon`, 'better-sqlite3', 'ledger/'],
  [`${DISPATCH}/daemon`, 'execa', 'runners/'],
  [`${DISPATCH}/daemon`, '../commands/start.ts', 'used by operations/'],
  [`${DISPATCH}/daemon`, '../workbench/workbench.ts', 'used by operations/'],
  [`${DISPATCH}/keeper`, '../daemon/cycle.ts', 'process of its own'],
  [`${DISPATCH}/config`, '../daemon/act.ts', 'typed values'],
  [`${DISPATCH}/config`, '@jit/cli-kit/print', 'reads and checks'],
  [`${DISPATCH}/commands`, 'better-sqlite3', 'ledger/'],
  [`${DISPATCH}/commands`, '../ledger/ledger.ts', 'context.dispatcher'],
  [`${DISPATCH}/commands`, '../operations/looking/show-run.ts', 'context.dispatcher'],
  [`${DISPATCH}/commands`, '../config/load.ts', 'context.dispatcher'],
  [`${DISPATCH}/operations/looking`, '../../commands/show.ts', 'programs and commands'],
  [`${DISPATCH}/operations/looking`, '@jit/cli-kit/style', 'commands/'],
  [`${DISPATCH}/operations`, 'better-sqlite3', 'ledger/'],
  [`${DISPATCH}/library`, '../commands/show.ts', 'operations/'],
  [`${DISPATCH}/library`, 'execa', 'operations/'],
  [`${DISPATCH}/bridge`, '../keeper/keep.ts', 'only carries'],
  [`${DISPATCH}/bridge`, 'zod', 'only carries'],
  [`${DISPATCH}/envoy`, '../daemon/cycle.ts', 'knows no cycle'],
  [`${DISPATCH}/envoy`, '@jit/cli-kit/print', 'knows no cycle'],
];

const BIOME: Case[] = [
  ...IMPORTS.map(([room, specifier, says], index) => ({
    file: `${room}/import-${index}.ts`,
    source: `import { thing } from '${specifier}';\n\nexport const use = thing;\n`,
    rule: 'lint/style/noRestrictedImports',
    says,
  })),
  {
    file: `${JIT}/domain/dynamic.ts`,
    source: "export const load = () => import('../store/store.ts');\n",
    rule: 'lint/style/noRestrictedImports',
    says: 'lowest room',
  },
  {
    file: `${JIT}/domain/type-only.ts`,
    source: "export type { Store } from '../store/store.ts';\n",
    rule: 'lint/style/noRestrictedImports',
    says: 'lowest room',
  },
  ...['domain', 'planning'].flatMap((room) => {
    const folder = room === 'domain' ? `${JIT}/domain` : `${DISPATCH}/planning`;
    return [
      ['now', 'Date.now()', 'lint/nursery/noJsRestrictedProperties'],
      ['random', 'Math.random()', 'lint/nursery/noJsRestrictedProperties'],
      ['pid', 'process.pid', 'lint/style/noRestrictedGlobals'],
    ].map(([name, expression, rule = '']) => ({
      file: `${folder}/${name}.ts`,
      source: `export const value = () => ${expression};\n`,
      rule,
    }));
  }),
  {
    file: `${JIT}/commands/pid.ts`,
    source: 'export const value = () => process.pid;\n',
    rule: 'lint/style/noRestrictedGlobals',
  },
  {
    file: `${JIT}/operations/console.ts`,
    source: "console.log('x');\n",
    rule: 'lint/suspicious/noConsole',
  },
  {
    file: `${JIT}/operations/stdout.ts`,
    source: "process.stdout.write('x');\n",
    rule: 'lint/nursery/noJsRestrictedProperties',
  },
  {
    file: `${JIT}/operations/env.ts`,
    source: 'export const home = () => process.env.HOME;\n',
    rule: 'lint/style/noProcessEnv',
  },
  {
    file: `${JIT}/main.ts`,
    source: 'process.exit(1);\n',
    rule: 'lint/nursery/noProcessExit',
  },
  {
    file: `${JIT}/operations/any.ts`,
    source: 'export const value: any = 1;\n',
    rule: 'lint/suspicious/noExplicitAny',
  },
  {
    file: `${JIT}/operations/default.ts`,
    source: 'export default 1;\n',
    rule: 'lint/style/noDefaultExport',
  },
  {
    file: `${JIT}/operations/all.ts`,
    source: "export * from './any.ts';\n",
    rule: 'lint/performance/noReExportAll',
  },
  {
    file: `${JIT}/operations/enum.ts`,
    source: 'export enum Colour {\n  red,\n}\n',
    rule: 'lint/style/noEnum',
  },
  {
    file: `${JIT}/operations/long.ts`,
    source: `${'// one more line\n'.repeat(450)}export const value = 1;\n`,
    rule: 'lint/style/noExcessiveLinesPerFile',
  },
  {
    file: `${JIT}/operations/floating.ts`,
    source: 'const work = async () => 1;\n\nexport function start() {\n  work();\n}\n',
    rule: 'lint/nursery/noFloatingPromises',
  },
  {
    file: `${JIT}/operations/mock.test.ts`,
    source: "import { vi } from 'vitest';\n\nvi.mock('./any.ts');\n",
    rule: 'lint/nursery/noJsRestrictedProperties',
  },
  {
    file: `${JIT}/operations/cycle-a.ts`,
    source: "import { b } from './cycle-b.ts';\n\nexport const a = () => b;\n",
    rule: 'lint/suspicious/noImportCycles',
  },
  {
    file: `${JIT}/operations/cycle-b.ts`,
    source: "import { a } from './cycle-a.ts';\n\nexport const b = () => a;\n",
    rule: 'lint/suspicious/noImportCycles',
  },
];

const imports = (specifier: string, type = '') =>
  `import ${type}{ thing } from '${specifier}';\n\nexport const use = thing;\n`;

const LAYERS: Case[] = [
  {
    file: `${JIT}/operations/cross.ts`,
    source: imports('../../../contract/src/vocabulary.ts'),
    rule: 'cross-package-import',
  },
  {
    file: `${JIT}/operations/extension.test.ts`,
    source: imports('./claim-issue'),
    rule: 'import-extension',
  },
  {
    file: `${JIT}/commands/query/private.ts`,
    source: imports('../issue/_render.ts'),
    rule: 'private-file',
  },
  {
    file: `${JIT}/domain/clock.ts`,
    source: 'export const now = () => new Date();\n',
    rule: 'clock-in-pure-room',
  },
  {
    file: `${DISPATCH}/planning/clock.ts`,
    source: 'export const now = () => new Date;\n',
    rule: 'clock-in-pure-room',
  },
  {
    file: `${DISPATCH}/planning/config-value.ts`,
    source: imports('../config/schema.ts'),
    rule: 'config-value-in-planning',
  },
  {
    file: `${JIT}/commands/issue/other-command.ts`,
    source: imports('../query/ready.ts'),
    rule: 'command-imports-command',
  },
  {
    file: `${DISPATCH}/commands/past-library.ts`,
    source: imports('../sites.ts'),
    rule: 'command-past-library',
  },
  {
    file: `${DISPATCH}/runners/codex/other-kind.ts`,
    source: imports('../claude-code/index.ts'),
    rule: 'runner-imports-runner',
  },
  {
    file: `${DISPATCH}/daemon/tracker-package.ts`,
    source: imports('jit'),
    rule: 'dispatcher-imports-tracker-package',
  },
  {
    file: `${JIT}/platform/shell.ts`,
    source: 'export const options = { shell: true };\n',
    rule: 'shell-string',
  },
];

/** What the rules must let through. */
const ALLOWED: Omit<Case, 'rule'>[] = [
  {
    file: `${JIT}/domain/allowed.ts`,
    source:
      "import { STATES } from '@jit/contract/vocabulary';\nimport { isOpen } from './state-machine.ts';\n\n// new Date() only in words\nexport const at = (ms: number) => [STATES, isOpen, new Date(ms)];\n",
  },
  {
    file: `${JIT}/operations/allowed.ts`,
    source:
      "import { isOpen } from '../domain/state-machine.ts';\nimport type { Store } from '../store/store.ts';\n\nexport const open = (store: Store) => isOpen(store);\n",
  },
  {
    file: `${JIT}/store/index/allowed.ts`,
    source:
      "import { readFileSync } from 'node:fs';\nimport Database from 'better-sqlite3';\nimport { isOpen } from '../../domain/state-machine.ts';\n\nexport const use = [readFileSync, Database, isOpen];\n",
  },
  {
    file: `${JIT}/commands/issue/allowed.ts`,
    source:
      "import { claimIssue } from '../../operations/claim-issue.ts';\nimport { toIssueView } from '../../views/issue.ts';\nimport { render } from './_render.ts';\n\nexport const use = [claimIssue, toIssueView, render];\n",
  },
  {
    file: `${DISPATCH}/commands/allowed.ts`,
    source:
      "import { defineCommand } from '../context.ts';\nimport { schemaOfConfig } from '../library/config-schema.ts';\nimport { oneLine } from '../views/one-line.ts';\nimport { lockTimeout } from './_options.ts';\n\nexport const use = [defineCommand, schemaOfConfig, oneLine, lockTimeout];\n",
  },
  {
    file: `${DISPATCH}/operations/looking/allowed.ts`,
    source:
      "import { suggest } from '@jit/cli-kit/suggest';\nimport type { Workbench } from '../../workbench/workbench.ts';\n\nexport const use = (workbench: Workbench) => [workbench.now(), suggest];\n",
  },
  {
    file: `${DISPATCH}/planning/allowed.ts`,
    source:
      "import { PRIORITIES } from '@jit/contract/vocabulary';\nimport type { DispatchConfig } from '../config/schema.ts';\n\nexport const use = (config: DispatchConfig) => [config, PRIORITIES];\n",
  },
  {
    file: `${DISPATCH}/runners/command/allowed.ts`,
    source:
      "import { execa } from 'execa';\nimport { defineRunner } from '../runner.ts';\n\nexport const use = [execa, defineRunner];\n",
  },
  {
    file: `${DISPATCH}/config/allowed.ts`,
    source: "import { suggest } from '@jit/cli-kit/suggest';\n\nexport const use = suggest;\n",
  },
  {
    file: `${JIT}/platform/allowed.ts`,
    source: 'export const options = { shell: false };\n',
  },
  {
    file: `${DISPATCH}/context.ts`,
    source: 'export const home = () => process.env.HOME;\n',
  },
  {
    file: 'packages/cli-kit/src/print.ts',
    source: 'export const print = (text: string) => process.stdout.write(text);\n',
  },
];

function lint(folder: string): Finding[] {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=none', 'packages'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stdout, stderr).not.toBe('');
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; message: string; location: { path: string } }[];
  };
  return diagnostics.map(({ category, message, location }) => ({
    path: location.path,
    rule: category,
    message,
  }));
}

function checkLayers(folder: string): Finding[] {
  const script = join(root, 'scripts/check-layers.mjs');
  const { stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, path = '', rule = '', message = ''] = /^(.+?):\d+ ([\w-]+): (.*)$/.exec(line) ?? [];
      return { path, rule, message };
    });
}

describe('the layering rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jit-layers-'));
  let linted: Finding[] = [];
  let layered: Finding[] = [];

  beforeAll(() => {
    for (const file of ['biome.json', '.gitignore']) cpSync(join(root, file), join(folder, file));
    for (const { file, source } of [...BIOME, ...LAYERS, ...ALLOWED]) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), source);
    }
    linted = lint(folder);
    layered = checkLayers(folder);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(BIOME)('Biome reports $rule in $file', ({ file, rule, says = '' }) => {
    const found = linted.filter((finding) => finding.path === file && finding.rule === rule);
    expect(found.map((finding) => finding.message).join('\n')).toContain(says);
    expect(found).not.toEqual([]);
  });

  test.each(LAYERS)('check-layers reports $rule in $file', ({ file, rule }) => {
    const found = layered.filter((finding) => finding.path === file);
    expect(found.map((finding) => finding.rule)).toContain(rule);
  });

  test.each(ALLOWED)('nothing is reported in $file', ({ file }) => {
    expect([...linted, ...layered].filter((finding) => finding.path === file)).toEqual([]);
  });
});
