// Bundles both programs: dist/ is what users get, dist-test/ is the same with __TEST_BUILD__ on.
// Entries are renamed into place after their chunks, and chunks carry their content in their name,
// so whoever starts a program during a build gets the old one or the new one, never a mixture.
import { spawnSync } from 'node:child_process';
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
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const STALE_AFTER_MS = 60 * 60 * 1000;

const PROGRAMS = [
  { folder: 'packages/jit', main: 'src/main.ts', beside: true },
  {
    folder: 'packages/jit-dispatch',
    main: 'src/main.ts',
    // The library.
    modules: { index: 'src/index.ts' },
    // Started for every run: one file without a module graph saves a third of what it adds to a bare start.
    alone: {
      keeper: 'src/keeper/main.ts',
      envoy: 'src/envoy/main.ts',
      bridge: 'src/bridge/main.ts',
      'forge-tracker': 'src/forge-tracker/main.ts',
    },
    // What programs see of the library, see declarations.mjs.
    declarations: { from: 'library.gen.d.ts', to: 'index.d.ts' },
  },
];

/** Libraries that the file of `jit` leaves beside it, for when they are needed; `default`: what they export is one function. */
const BESIDE = {
  zod: { from: 'packages/contract', exports: 'all' },
  yargs: { from: 'packages/cli-kit', exports: 'default' },
  cliui: { from: 'packages/cli-kit', exports: 'default' },
  'string-width': { from: 'packages/cli-kit', exports: 'default' },
  'smol-toml': { from: 'packages/jit', exports: 'all' },
};
const VARIANTS = [
  { out: 'dist', testBuild: false },
  { out: 'dist-test', testBuild: true },
];

class BuildError extends Error {
  name = 'BuildError';
}

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function inputsHash() {
  const hash = createHash('sha256');
  const files = [
    fileURLToPath(import.meta.url),
    join(root, 'scripts/code-cache.cjs'),
    join(root, 'scripts/start.cjs'),
    join(root, 'pnpm-lock.yaml'),
    join(root, 'packages/jit-dispatch/library.gen.d.ts'),
  ];
  for (const name of ['contract', 'cli-kit', 'jit', 'jit-dispatch']) {
    files.push(join(root, 'packages', name, 'package.json'));
    files.push(...sourceFiles(join(root, 'packages', name, 'src')));
  }
  for (const file of files)
    if (existsSync(file)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** What lies in the folder of a program. */
async function bundle(esbuild, program, { out, testBuild }, hash) {
  const { folder, beside, modules = {}, alone = {}, declarations } = program;
  const outdir = join(folder, out);
  const { version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const define = { __TEST_BUILD__: String(testBuild), __VERSION__: JSON.stringify(version) };
  const context = { esbuild, folder, outdir, define };
  const files = await Promise.all([
    beside ? librariesBeside(context) : [],
    asModules(context, modules),
    eachAlone(context, alone),
    mainFile(context, program, hash),
    {
      path: join(root, outdir, 'start.cjs'),
      contents: readFileSync(join(root, 'scripts/start.cjs')),
    },
  ]);
  if (declarations !== undefined) {
    const contents = readFileSync(join(root, folder, declarations.from));
    files.push({ path: join(root, outdir, declarations.to), contents });
  }
  return files.flat();
}

const entryPoints = (folder, files) =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]));

function asModules({ esbuild, folder, outdir, define }, files) {
  const banner =
    "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";
  return build(esbuild, {
    entryPoints: entryPoints(folder, files),
    outdir,
    splitting: true,
    format: 'esm',
    chunkNames: 'chunks/[name]-[hash]',
    define,
    banner: { js: banner },
  });
}

function eachAlone({ esbuild, folder, outdir, define }, files) {
  return build(esbuild, {
    entryPoints: entryPoints(folder, files),
    outdir,
    format: 'cjs',
    define,
    outExtension: { '.js': '.cjs' },
  });
}

const MODULE_URL = "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;";

/**
 * The program, which is started for every command: one CommonJS file, of which only what is called is evaluated,
 * loads in half the time of modules that are linked one by one.
 */
function mainFile({ esbuild, folder, outdir, define }, { main, beside }, hash) {
  // Names the code that the program's bin may find compiled beside the file.
  const name = `//${hash.slice(0, 16)}`;
  return build(esbuild, {
    entryPoints: { main: join(folder, main) },
    outdir,
    format: 'cjs',
    external: beside ? [] : ['better-sqlite3', 'fsevents'],
    // Short names load faster; the map tells what a stack means: node --enable-source-maps, or any reader of maps.
    minifyIdentifiers: true,
    sourcemap: 'external',
    sourcesContent: false,
    banner: { js: beside ? name : `${name}\n${MODULE_URL}` },
    outExtension: { '.js': '.cjs' },
    define: {
      ...define,
      ...(beside && { __SQLITE_VERSION__: JSON.stringify(sqliteVersion(folder)) }),
      'import.meta.url': beside ? '__filename' : '__moduleUrl',
    },
    plugins: beside ? [leaveBeside] : [],
    // Run as a compiled script, the file can require modules but not import them.
    supported: { 'dynamic-import': false },
  });
}

async function librariesBeside({ esbuild, outdir }) {
  const libraries = Object.entries(BESIDE).map(([library, { from, exports }]) =>
    build(esbuild, {
      stdin: {
        contents:
          exports === 'all' ? `export * from '${library}'` : `export { default } from '${library}'`,
        resolveDir: join(root, from),
      },
      outfile: join(outdir, `libraries/${library}.cjs`),
      format: 'cjs',
      define: { 'import.meta.url': '__moduleUrl' },
      banner: { js: MODULE_URL },
      ...(exports === 'default' && { footer: { js: 'module.exports=module.exports.default;' } }),
    }),
  );
  return (await Promise.all(libraries)).flat();
}

function sqliteVersion(folder) {
  const manifest = join(root, folder, 'node_modules/better-sqlite3/package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** Lets the single file load large libraries from beside it when they are first needed. */
const leaveBeside = {
  name: 'leave-beside',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${Object.keys(BESIDE).join('|')})$`) }, ({ path }) => ({
      path: `./libraries/${path}.cjs`,
      external: true,
    }));
  },
};

async function build(esbuild, options) {
  if (Object.keys(options.entryPoints ?? options.stdin).length === 0) return [];
  const result = await esbuild.build({
    absWorkingDir: root,
    write: false,
    bundle: true,
    platform: 'node',
    // ES modules where a library has them: a CommonJS one has no named exports under a dynamic import.
    mainFields: ['module', 'main'],
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    external: ['better-sqlite3', 'fsevents'],
    logLevel: 'silent',
    ...options,
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
  for (const file of outputFiles.filter((each) => !isEntry(each))) {
    const isChunk = dirname(file.path).endsWith('chunks');
    if (!isChunk || !existsSync(file.path)) writeAtomically(file.path, file.contents);
  }
  for (const file of outputFiles.filter(isEntry)) writeAtomically(file.path, file.contents);
  const files = outputFiles.map((file) => relative(outdir, file.path)).sort();
  writeAtomically(manifestFile, `${JSON.stringify({ hash, files }, null, 2)}\n`);
  removeStale(outdir, files, previous);
}

const isUpToDate = (outdir, hash) => {
  const manifest = readManifest(join(outdir, '.build.json'));
  return manifest.hash === hash && manifest.files.every((file) => existsSync(join(outdir, file)));
};

/** Lets the program compile its code once, so that its starts need not; without it they are only slower. */
function compile(main, folder) {
  const argv = [join(root, 'scripts/code-cache.cjs'), main, basename(folder)];
  spawnSync(process.execPath, argv, { stdio: 'ignore' });
}

export async function buildAll() {
  const hash = inputsHash();
  let esbuild;
  for (const program of PROGRAMS) {
    for (const variant of VARIANTS) {
      const outdir = join(root, program.folder, variant.out);
      if (isUpToDate(outdir, hash)) continue;
      esbuild ??= await import('esbuild');
      try {
        install(outdir, await bundle(esbuild, program, variant, hash), hash);
        compile(join(outdir, 'main.cjs'), program.folder);
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
