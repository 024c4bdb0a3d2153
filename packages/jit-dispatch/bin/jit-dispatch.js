#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

if (existsSync(new URL('../dist/main.js', import.meta.url))) {
  module.enableCompileCache?.();
  await import('../dist/main.js');
} else {
  process.stderr.write('jit-dispatch is not built yet: run `npm run build` in its repository\n');
  process.exitCode = 10;
}
