import { JitError } from '@jit/contract/errors';
import type { ConfigCheckOutput } from '@jit/contract/outputs/dispatch-setup';
import type { LoadedConfig, Remark } from '../../config/load.ts';
import { locateKey } from '../../config/locate-key.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { checkClassifier } from '../doctor/check-classifier.ts';

/** Whether the value of every key is told, too. */
export interface AskedCheck {
  readonly effective?: boolean | undefined;
}

/** What is wrong with the configuration. Errors: CONFIG_… (3, 10) where it can't be read at all. */
export function checkConfig(
  { setup, warn }: Pick<Workbench, 'setup' | 'warn'>,
  { effective = false }: AskedCheck,
): ConfigCheckOutput {
  const { file, loaded } = setup;
  if (!(loaded instanceof JitError)) {
    const classifier = classifierRemarks(loaded, setup.environment.PATH ?? '');
    // What else is to be said was said when the file was read.
    for (const { key, message } of classifier) warn(`${key}: ${message}`);
    return {
      file,
      ok: true,
      problems: [],
      warnings: [...loaded.remarks, ...classifier],
      effective: effective ? hideSecrets(loaded.written) : null,
    };
  }
  const { problems, warnings = [] } = loaded.details as Partial<ConfigCheckOutput>;
  // A file that can't be read has no lines to name.
  if (problems === undefined) throw loaded;
  const byLine = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { file, ok: false, problems: byLine, warnings, effective: null };
}

function classifierRemarks({ config, text }: LoadedConfig, path: string): Remark[] {
  const check = checkClassifier(config, path);
  if (check === null || check.result === 'ok') return [];
  const key = 'classification.command';
  return [{ line: locateKey(text, key.split('.')), key, message: check.detail }];
}

/** Values of variables, and what an address may carry besides its host, are nobody's to read. */
function hideSecrets(written: object): Record<string, unknown> {
  const text = JSON.stringify(written, (key, value: unknown) => {
    if (key === 'env' && typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.keys(value).map((name) => [name, '[hidden]']));
    if (key === 'url' && typeof value === 'string') return `${new URL(value).origin}/[hidden]`;
    return value;
  });
  return JSON.parse(text) as Record<string, unknown>;
}
