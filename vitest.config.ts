import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  define: {
    __TEST_BUILD__: 'true',
    __VERSION__: JSON.stringify(version),
  },
  test: {
    retry: 0,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
          // A guard against hanging, not a measurement: machines that run tests are busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Real processes: few at a time, after the unit tests, with time to start and to die.
          name: 'process',
          include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
