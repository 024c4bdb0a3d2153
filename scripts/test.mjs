// `npm test`: makes the clone ready, runs every test, ends with one line of counts.
// Further arguments go to vitest: `npm test -- packages/jit/src/domain`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setup } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function runVitest(extraArguments) {
  const folder = mkdtempSync(join(tmpdir(), 'jit-test-'));
  const report = join(folder, 'report.json');
  const skipped = join(folder, 'skipped.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['default', 'json', './scripts/skip-reporter.mjs'];
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        vitest,
        'run',
        ...reporters.map((name) => `--reporter=${name}`),
        `--outputFile.json=${report}`,
        ...extraArguments,
      ],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, JIT_SKIP_REPORT: skipped },
      },
    );
    return { status, report: readJson(report), skipped: readJson(skipped) ?? [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What vitest's report means: the counts to print, the lines before them, and the exit code. */
export function summarise({ status, report, skipped = [] }) {
  if (!report) return { lines: ['vitest wrote no report'], counts: '0 passed, 0 failed', exit: 1 };
  const lines = [];
  const broken = report.testResults.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  for (const file of broken) lines.push(`did not load: ${relative(root, file.name)}`);
  for (const { name, reason } of skipped) lines.push(`skipped: ${name}${reason && ` (${reason})`}`);

  const passed = report.numPassedTests;
  const failed = report.numFailedTests + broken.length;
  const skips = report.numPendingTests + (report.numTodoTests ?? 0);
  if (passed + failed === 0) lines.push('no test ran');
  else if (failed === 0 && status !== 0) lines.push('vitest reported an error outside of a test');
  if (skips > 0) lines.push(`${skips} skipped`);
  const counts = `${passed} passed, ${failed} failed`;
  return { lines, counts, exit: status === 0 && failed === 0 && passed > 0 ? 0 : 1 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href && (await setup())) {
  const { lines, counts, exit } = summarise(runVitest(process.argv.slice(2)));
  process.stdout.write(`${['', ...lines, counts].join('\n')}\n`);
  process.exitCode = exit;
}
