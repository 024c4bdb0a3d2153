import type { Finding } from './finding.ts';

/** Settings that can't be used: whatever asks for one of them is refused. */
export function invalidConfig(problems: readonly string[]): readonly Finding[] {
  return problems.map((message) => ({
    code: 'CONFIG_INVALID',
    severity: 'error',
    subject: '.jit/config.toml',
    message,
    fix: 'Mend the file by hand; jit config list shows the settings.',
  }));
}
