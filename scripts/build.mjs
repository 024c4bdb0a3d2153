// Bundles both programs: dist/ is what users get, dist-test/ is the same with __TEST_BUILD__ on.
// Entries are renamed into place after their chunks, and chunks carry their content in their name,
// so whoever starts a program during a build gets the old one or the new one, never a mixture.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const STALE_AFTER_MS = 60 * 60 * 1000;

const PROGRAMS = [
  { folder: 'packages/jit', entries: { main: 'src/main.ts' } },
  {
    folder: 'packages/jit-dispatch',
    entries: { main: 'src/main.ts', keeper: 'src/keeper/main.ts' },
  },
];
const VARIANTS = [
  { out: 'dist', testBuild: false },
  { out: 'dist-test', testBuild: true },
];

class BuildError extends Error {
  name = 'BuildError';
}

/** Entries that exist; a missing one is an error unless JIT_BUILD_PARTIAL=1. */
function presentEntries({ folder, entries }) {
  const present = {};
  for (const [name, file] of Object.entries(entries)) {
    const path = join(folder, file);
    if (existsSync(join(root, path))) present[name] = path;
    else if (process.env.JIT_BUILD_PARTIAL === '1')
      process.stderr.write(`build: skipped ${path}, it does not exist\n`);
    else throw new BuildError(`build: ${path} does not exist`);
  }
  return present;
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function inputsHash() {
  const hash = createHash('sha256');
  const files = [fileURLToPath(import.meta.url), join(root, 'pnpm-lock.yaml')];
  for (const name of ['contract', 'cli-kit', 'jit', 'jit-dispatch']) {
    files.push(join(root, 'packages', name, 'package.json'));
    files.push(...sourceFiles(join(root, 'packages', name, 'src')));
  }
  for (const file of files)
    if (existsSync(file)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

async function bundle(esbuild, program, entryPoints, { out, testBuild }) {
  const { version } = JSON.parse(readFileSync(join(root, program.folder, 'package.json'), 'utf8'));
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir: join(program.folder, out),
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // ES modules where a library has them: a CommonJS one has no named exports under a dynamic import.
    mainFields: ['module', 'main'],
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    external: ['better-sqlite3', 'fsevents'],
    define: { __TEST_BUILD__: String(testBuild), __VERSION__: JSON.stringify(version) },
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
  return result.outputFiles;
}

function writeAtomically(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

const readManifest = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { files: [] };
  }
};

/** Chunks of an earlier build stay for an hour: a running program may still be about to load one. */
function removeStale(outdir, current, previous) {
  const now = new Date();
  for (const path of sourceFiles(outdir)) {
    const file = relative(outdir, path);
    if (current.includes(file) || file === '.build.json') continue;
    if (previous.includes(file)) utimesSync(path, now, now);
    else if (now.getTime() - statSync(path).mtimeMs > STALE_AFTER_MS) rmSync(path, { force: true });
  }
}

function install(outdir, outputFiles, hash) {
  const manifestFile = join(outdir, '.build.json');
  const previous = readManifest(manifestFile).files;
  const isEntry = (file) => dirname(file.path) === outdir;
  for (const file of outputFiles.filter((each) => !isEntry(each)))
    if (!existsSync(file.path)) writeAtomically(file.path, file.contents);
  for (const file of outputFiles.filter(isEntry)) writeAtomically(file.path, file.contents);
  const files = outputFiles.map((file) => relative(outdir, file.path)).sort();
  writeAtomically(manifestFile, `${JSON.stringify({ hash, files }, null, 2)}\n`);
  removeStale(outdir, files, previous);
}

const isUpToDate = (outdir, hash) => {
  const manifest = readManifest(join(outdir, '.build.json'));
  return manifest.hash === hash && manifest.files.every((file) => existsSync(join(outdir, file)));
};

export async function buildAll() {
  const hash = inputsHash();
  let esbuild;
  for (const program of PROGRAMS) {
    const entries = presentEntries(program);
    if (Object.keys(entries).length === 0) continue;
    for (const variant of VARIANTS) {
      const outdir = join(root, program.folder, variant.out);
      if (isUpToDate(outdir, hash)) continue;
      esbuild ??= await import('esbuild');
      try {
        install(outdir, await bundle(esbuild, program, entries, variant), hash);
      } catch (error) {
        if (!error.errors) throw error;
        const lines = await esbuild.formatMessages(error.errors, { kind: 'error' });
        throw new BuildError(`build of ${program.folder} failed\n${lines.join('')}`);
      }
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await buildAll();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
