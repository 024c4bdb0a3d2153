import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { checkClassifier } from '../doctor/check-classifier.ts';
import { checkConfig } from './check-config.ts';

const AGENT = '[[agents]]\nid = "a"\ncommand = "true"\n';

test('a classifier that is not there, or can not be started, is told by check-config and doctor', async () => {
  const folder = tempFolder();
  const file = join(folder, 'dispatch.toml');
  const program = join(folder, 'classify');
  const check = async (path = '') => {
    const loaded = await parseConfig(file, `[classification]\ncommand = "./classify"\n${AGENT}`);
    const said: string[] = [];
    const setup = { file, environment: { PATH: path }, module: '', loaded };
    const { warnings } = checkConfig({ setup, warn: (message) => void said.push(message) }, {});
    return { warnings, said, doctor: checkClassifier(loaded.config, path)?.result };
  };
  const message = `${program} is not there, or can not be started`;
  const missing = {
    warnings: [{ line: 2, key: 'classification.command', message }],
    said: [`classification.command: ${message}`],
    doctor: 'failed',
  };
  expect(await check()).toEqual(missing);
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o600 });
  expect(await check()).toEqual(missing);
  chmodSync(program, 0o700);
  expect(await check()).toEqual({ warnings: [], said: [], doctor: 'ok' });
});

test('where none is asked, nothing is said', async () => {
  const { config } = await parseConfig('/nowhere/dispatch.toml', AGENT);
  expect(checkClassifier(config, '')).toBeNull();
});
