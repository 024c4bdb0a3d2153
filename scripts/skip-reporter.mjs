// A vitest reporter that keeps the reasons of skipped tests, which vitest's JSON leaves out.
import { writeFileSync } from 'node:fs';

export default class SkipReporter {
  onTestRunEnd(modules) {
    const skipped = [];
    for (const module of modules)
      for (const test of module.children.allTests('skipped'))
        skipped.push({ name: test.fullName, reason: test.result().note ?? '' });
    if (process.env.JIT_SKIP_REPORT)
      writeFileSync(process.env.JIT_SKIP_REPORT, JSON.stringify(skipped));
  }
}
