// Writes the compiled code of a bundle beside it: runs the program's commonest command in a tracker of
// its own and keeps what V8 compiled for it.
'use strict';

const { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');
const { spawnSync } = require('node:child_process');

const [main, program] = process.argv.slice(2);
const jit = program === 'jit' ? main : join(__dirname, '../packages/jit/dist/main.cjs');
const COMMONEST = {
  jit: ['query', 'ready', '--json'],
  'jit-dispatch': ['once', '--dry-run', '--json'],
};
const folder = mkdtempSync(join(tmpdir(), 'jit-build-'));
process.env.JIT_ACTOR = 'build';
delete process.env.JIT_DIR;
for (const argv of [['init'], ['issue', 'create', 'first'], ['issue', 'create', 'second']]) {
  spawnSync(process.execPath, [jit, ...argv], { cwd: folder });
}
process.chdir(folder);
writeFileSync('dispatch.toml', '[[agents]]\nid = "a"\ncommand = "true"\n');
process.argv = [process.execPath, main, ...COMMONEST[program]];

const source = readFileSync(main, 'latin1');
const script = new Script(wrap(source), { filename: main });
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(main), module_, main, dirname(main));

process.on('exit', () => {
  process.chdir(dirname(main));
  rmSync(folder, { recursive: true, force: true });
  const target = join(dirname(main), `${source.slice(2, 18)}.code`);
  writeFileSync(`${target}.tmp`, script.createCachedData());
  renameSync(`${target}.tmp`, target);
});
