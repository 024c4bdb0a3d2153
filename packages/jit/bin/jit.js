#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (existsSync(join(__dirname, '../dist/start.cjs'))) {
  require('../dist/start.cjs');
} else {
  process.stderr.write('jit is not built yet: run `npm run build` in its repository\n');
  process.exitCode = 10;
}
