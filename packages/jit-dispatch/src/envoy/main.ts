import { closeSync, openSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeRecord } from '../keeper/records.ts';
import { redactText } from '../keeper/redact.ts';
import { secretsOf } from '../keeper/secrets.ts';
import { RUN_FILES } from '../run-records.ts';
import { loadKind } from '../runners/load-kind.ts';
import { readSpec } from '../runners/read-run.ts';
import type { Task } from '../runners/task.ts';
import { systemTimers } from '../timers.ts';
import { attend, type EnvoyEdge, withdrawEarlier } from './attend.ts';
import { exitCodeOf } from './exit-code.ts';
import { toLogLines } from './log-lines.ts';

const keeper = process.ppid;
const environment = process.env;

const secrets = new Set<string>();
const withoutSecrets = (text: string): string => redactText(text, secrets);

const edge: EnvoyEdge = {
  environment,
  secrets,
  timers: systemTimers,
  now: Date.now,
  say: (line) => void process.stdout.write(toLogLines(withoutSecrets(line))),
  sign() {
    const path = environment.JIT_HEARTBEAT_FILE;
    if (path === undefined) return;
    closeSync(openSync(path, 'a'));
    const at = new Date();
    utimesSync(path, at, at);
  },
  onStop(callback) {
    process.on('SIGTERM', callback).on('SIGINT', callback);
  },
  isOrphan: () => process.ppid !== keeper,
};

// Should everything stop before there is an answer, that is no success.
process.exitCode = 1;
void stand();

async function stand(): Promise<void> {
  const task = JSON.parse(await text(process.stdin)) as Task;
  const token = environment.JIT_CLAIM ?? '';
  const named = readSpec(task.folder)?.secrets ?? [];
  const given = secretsOf({ token, named, given: environment, environment });
  for (const secret of given) secrets.add(secret);
  const kind = await loadKind(task.outside.kind);
  if (process.argv[2] === 'withdraw') {
    process.exitCode = (await withdrawEarlier(kind, task, edge)) ? 0 : 1;
    return;
  }
  const verdict = await attend(kind, task, edge);
  if (verdict !== null) {
    const { is, failed, reason, retry_at } = verdict;
    // The keeper takes secrets out of the output only, and this goes into the tracker.
    const detail = withoutSecrets(verdict.detail);
    edge.say(retry_at == null ? detail : `${detail} (resets at ${retry_at})`);
    writeRecord(join(task.folder, RUN_FILES.verdict), { is, failed, reason, detail });
  }
  process.exitCode = exitCodeOf(verdict);
}
