import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePath, cleanEnv, jitJson } from '@jit/testkit/processes';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import type { Tracker } from '../../src/tracker/tracker.ts';
import type { ForgeServer } from '../forge/forge-server.ts';
import { createRepository } from '../repository.ts';
import { forgeFolder } from './dispatcher.ts';
import type { WrittenIssue } from './forty-issues.ts';
import { KINDS, shareForge } from './open-tracker.ts';

/** A folder in which dispatchers work on the same issues, kept by one of the three trackers. */
export interface Place {
  readonly kind: 'jit' | (typeof KINDS)[number];
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tracker: Tracker;
}

const HOUR_MS = 3_600_000;
const FILTER = 'ai';

/** Puts the same issues into jit, GitHub and Gitea; `tables` of each are the forges of all. */
export async function openPlaces(
  issues: readonly WrittenIssue[],
): Promise<{ readonly places: readonly Place[]; readonly tables: string }> {
  const times = timesOf(issues);
  const forges = await Promise.all(
    KINDS.map(async (kind) => {
      const { server, open } = await shareForge(kind);
      issues.forEach((issue, at) => void addToForge(server, issue, times[at] ?? ''));
      const { root } = forgeFolder(kind, server);
      const { tracker } = await open();
      const env = { FORGE_TOKEN: 'token-of-robot', JIT_TEST_ROOT: root };
      return { kind, root, env, tracker, table: tableOf(kind, server) };
    }),
  );
  const tables = forges.map(({ table }) => table).join('');
  return { places: [await openJit(issues, times), ...forges], tables };
}

/** When each was created: one minute after the other, but for those that say it. Whole seconds, as forges have them. */
function timesOf(issues: readonly WrittenIssue[]): readonly string[] {
  const now = Math.floor(Date.now() / 1000) * 1000;
  return issues.map(({ hoursAgo }, at) => {
    const age = hoursAgo === undefined ? (issues.length - at) * 60_000 : hoursAgo * HOUR_MS;
    return new Date(now - age).toISOString();
  });
}

function labelsOf({ labels = [], isUnwanted = false }: WrittenIssue): readonly string[] {
  return [...(isUnwanted ? [] : [FILTER]), ...labels];
}

/** What jit keeps apart is said there by the text, by labels and by whom it is assigned to. */
function addToForge({ repository }: ForgeServer, issue: WrittenIssue, createdAt: string): void {
  const { title, text = '', criteria = [], priority, agent, person } = issue;
  const list = criteria.map((each) => `- [ ] ${each}`).join('\n');
  const added = repository.addIssue({
    title,
    body: criteria.length === 0 ? text : `${text}\n\n## Acceptance criteria\n\n${list}\n`,
    labels: [
      ...labelsOf(issue),
      ...(priority === undefined ? [] : [`priority:${priority}`]),
      ...(agent === undefined ? [] : [`agent:${agent}`]),
    ],
    assignees: person === undefined ? [] : [person],
  });
  Object.assign(added, { createdAt, updatedAt: createdAt });
}

function tableOf(kind: (typeof KINDS)[number], { url, repository }: ForgeServer): string {
  return `[${kind}]
repository = "${repository.owner}/${repository.name}"
url = "${url}"
token_env = "FORGE_TOKEN"
`;
}

async function openJit(issues: readonly WrittenIssue[], times: readonly string[]): Promise<Place> {
  const { root, env: own } = await createRepository();
  const file = join(root, 'issues.json');
  writeFileSync(file, JSON.stringify(documentOf(issues, times)));
  const env = { ...own, FORGE_TOKEN: 'token-of-robot' };
  await jitJson(['import', 'jit', file], { cwd: root, env });
  const program = {
    argv: [process.execPath, bundlePath('jit')],
    suffix: [],
    cwd: root,
    env: {},
  };
  const environment = cleanEnv(env);
  const tracker = createJitCli({
    program,
    environment,
    timeoutMs: 60_000,
    actor: 'jit-dispatch:d',
  });
  return { kind: 'jit', root, env, tracker };
}

/** As `jit export` writes them: so an issue has the id and the time that it has on a forge. */
function documentOf(issues: readonly WrittenIssue[], times: readonly string[]): object {
  return {
    schema: 1,
    issues: issues.map((issue, at) => ({
      schema: 1,
      id: String(at + 1),
      title: issue.title,
      description: issue.text ?? '',
      acceptance_criteria: issue.criteria ?? [],
      state: 'open',
      priority: issue.priority ?? 'normal',
      assignee: issue.agent ?? issue.person ?? null,
      attempt: 0,
      claim: null,
      labels: [...labelsOf(issue)].sort(),
      dependencies: [],
      gates: {},
      defer_until: null,
      documents: [],
      links: {},
      metadata: {},
      created_at: times[at],
      created_by: 'ann',
    })),
    gates: [],
    events: [],
    config: null,
  };
}
