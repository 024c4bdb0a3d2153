#!/usr/bin/env node
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const main = join(__dirname, '../dist/main.cjs');

/** The file, or undefined where there is none. */
function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

const source = read(main, 'latin1');
if (source === undefined) {
  process.stderr.write('jit is not built yet: run `npm run build` in its repository\n');
  process.exitCode = 10;
} else {
  // The first line names the compiled code that the build left beside the bundle; Node refuses one
  // that another version of it made, and compiles as usual.
  const cachedData = read(join(dirname(main), `${source.slice(2, 18)}.code`));
  const script = new Script(wrap(source), { filename: main, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(main), module, main, dirname(main));
}
