// Makes a fresh clone ready: checks what the machine needs, installs, builds.
// Plain Node without dependencies, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const EXTERNAL_FAILED = 10;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.jit-setup');

class SetupError extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

/** The first two numbers of a version, and whether `engines` of package.json admits them. */
export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 14;
  return major >= 24;
}

function checkNode() {
  if (isSupportedNode(process.versions.node)) return;
  throw new SetupError(
    `Node ${process.versions.node} is not supported: use Node 20.19 or newer, 22.14 or newer, or 24 and up (https://nodejs.org).`,
  );
}

const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** better-sqlite3 has no prebuilt binding for Node 20: it is compiled, so the tools must be there. */
function checkCompiler() {
  if (!process.versions.node.startsWith('20.')) return;
  const words = (value) => (value ? [value.split(' ')[0]] : []);
  const pythons = [...words(process.env.PYTHON), 'python3', 'python'];
  const isPython3 = (name) => runs(name, '-c', 'import sys; sys.exit(sys.version_info[0] != 3)');
  const missing = [];
  if (![...words(process.env.CXX), 'c++', 'g++', 'clang++'].some((name) => runs(name, '--version')))
    missing.push('a C++ compiler');
  if (![...words(process.env.MAKE), 'make', 'gmake'].some((name) => runs(name, '--version')))
    missing.push('make');
  if (!pythons.some(isPython3)) missing.push('Python 3');
  if (missing.length === 0) return;
  throw new SetupError(
    [
      `Missing: ${missing.join(', ')}. On Node 20 better-sqlite3 has to be compiled here.`,
      '  Debian, Ubuntu   apt-get install g++ make python3',
      '  Fedora           dnf install gcc-c++ make python3',
      '  Alpine           apk add g++ make python3',
      '  macOS            xcode-select --install',
      'Or use Node 22.14 or newer, for which a compiled one exists.',
    ].join('\n'),
  );
}

/** What an installation depends on; another value means it has to be done again. */
function fingerprint() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  const manifests = ['.', ...packages.sort()].map((folder) => join(folder, 'package.json'));
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules} ${PNPM}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file);
    hash.update(`${file}\n`).update(existsSync(path) ? readFileSync(path) : '');
  }
  return hash.digest('hex');
}

function environment() {
  const env = { ...process.env, CI: 'true' };
  // Headers beside the running Node save node-gyp a download that may not be possible.
  const prefix = dirname(dirname(process.execPath));
  if (!env.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node.h')))
    env.npm_config_nodedir = prefix;
  return env;
}

function pnpm(...args) {
  const done = spawnSync('npx', ['--yes', PNPM, ...args], {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.status === 0) return;
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`.trimEnd();
  throw new SetupError(
    `${output.split('\n').slice(-40).join('\n')}\n\n\`npx ${PNPM} ${args.join(' ')}\` failed, see above.`,
  );
}

/** Loads the compiled binding in a process of its own, as a broken one may take the process down. */
const bindingWorks = () =>
  spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], {
    cwd: join(root, 'packages', 'jit'),
    stdio: 'ignore',
  }).status === 0;

function install() {
  const wanted = fingerprint();
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (stamp === wanted && existsSync(join(root, 'packages/jit/node_modules/better-sqlite3')))
    return;
  if (!bindingWorks()) {
    checkCompiler();
    say('Installing dependencies; compiling better-sqlite3 takes 2–3 minutes the first time …');
  } else say('Installing dependencies …');
  pnpm('install', '--frozen-lockfile');
  if (!bindingWorks()) pnpm('rebuild', '-r', 'better-sqlite3');
  if (!bindingWorks())
    throw new SetupError(
      'better-sqlite3 was installed but does not load. Delete node_modules and try again.',
    );
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** Everything up to a usable `node_modules/.bin/jit`; says why and returns false where that fails. */
export async function setup({ build = true } = {}) {
  try {
    checkNode();
    install();
    if (build) await (await import('./build.mjs')).buildAll();
    return true;
  } catch (error) {
    // A failed build has been explained by its own kind of error.
    if (!(error instanceof SetupError) && error?.name !== 'BuildError') throw error;
    say(error.message);
    process.exitCode = EXTERNAL_FAILED;
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setup();
