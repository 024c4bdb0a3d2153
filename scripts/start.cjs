// The build lays this beside the bundle of a program as `start.cjs`: it starts the bundle with the code
// that was compiled for it.
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const main = join(__dirname, 'main.cjs');
const source = readFileSync(main, 'latin1');

/** The compiled code, or undefined where there is none: the first line of the bundle names it. */
function compiled() {
  try {
    return readFileSync(join(__dirname, `${source.slice(2, 18)}.code`));
  } catch {
    return undefined;
  }
}

// Node refuses code that another version of it made, and compiles as usual.
const script = new Script(wrap(source), { filename: main, cachedData: compiled() });
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(main), module_, main, __dirname);
