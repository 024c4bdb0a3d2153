import type { Outside } from '../../src/config/agent-kinds.ts';
import type { ForgeAccess } from '../../src/config/forges.ts';
import type { ForgeServer, Got } from '../forge/forge-server.ts';
import { startGitea } from '../forge/gitea-server.ts';
import { startGithub } from '../forge/github-server.ts';
import type { MemoryIssue } from '../forge/memory-repository.ts';
import { type KindWorld, LIMIT_SECS } from './kind-world.ts';

export const LABEL = 'claude-ready';
const TOKEN = 'token-of-robot';
const ENV = { FORGE_TOKEN: TOKEN };

const isWrite = ({ method }: Got): boolean => method !== 'GET';

/** Troubles that every forge can make. `first`: the write that brings the work. */
function forgeTroubles(server: ForgeServer, kind: 'github' | 'gitea'): KindWorld['troubles'] {
  const limited = {
    status: kind === 'github' ? 403 : 429,
    body: { message: 'You have exceeded a secondary rate limit.' },
    headers: { 'retry-after': `${LIMIT_SECS}` },
  };
  const answer = (status: number, body: object) => ({ status, body });
  const unwilling = answer(422, { message: 'Validation Failed' });
  return {
    refuse: () => server.fault({ does: 'answer', answer: unwilling, when: isWrite }),
    forbid: () =>
      server.fault({
        does: 'answer',
        answer: answer(403, { message: 'Resource not accessible' }),
        when: isWrite,
      }),
    limit: () => server.fault({ does: 'answer', answer: limited }),
    fail_twice: () =>
      server.fault({
        does: 'answer',
        answer: answer(503, { message: 'Unavailable' }),
        when: isWrite,
        times: 2,
      }),
    lose_answer: () => server.fault({ does: 'lose', when: isWrite, times: 1 }),
    half_answer: () => server.fault({ does: 'half', when: isWrite, times: 1 }),
    slow: () => server.fault({ does: 'delay', ms: 300, when: isWrite, times: 1 }),
  };
}

function access(kind: 'github' | 'gitea', { url, repository }: ForgeServer): ForgeAccess {
  return {
    kind,
    repository: `${repository.owner}/${repository.name}`,
    url,
    token: { env: 'FORGE_TOKEN' },
    timeoutSecs: 5,
  };
}

/** A label on an issue of a forge. */
export interface LabelWorld extends KindWorld {
  readonly server: ForgeServer;
  readonly issue: MemoryIssue;
}

export async function openLabelWorld(kind: 'github' | 'gitea'): Promise<LabelWorld> {
  const server = kind === 'github' ? await startGithub() : await startGitea();
  const { repository } = server;
  repository.addIssue();
  const issue = repository.addIssue({ title: 'Anvil' });
  const outside: Outside = {
    kind: `${kind}-label`,
    settings: { forge: access(kind, server), label: LABEL, pollSecs: 0.05 },
  };
  const close = async (reason: string) => {
    issue.state = 'closed';
    issue.stateReason = reason;
    issue.closedAt = repository.now();
  };
  return {
    server,
    issue,
    outside,
    env: ENV,
    facts: { links: { [kind]: `#${issue.number}` } },
    brought: async () =>
      repository.comments.filter(({ body }) => body.includes('jit-dispatch assigned')).length,
    asked: () => server.got.length,
    finish: () => close('completed'),
    fail: kind === 'github' ? () => close('not_planned') : null,
    takeBack: async () => repository.unlabel(issue, LABEL),
    isWithdrawn: async () =>
      !repository.labelsOf(issue).some(({ name }) => name === LABEL) &&
      repository.comments.some(({ body }) => body.includes('jit-dispatch withdrawn')),
    troubles: forgeTroubles(server, kind),
  };
}

/** A workflow of GitHub Actions; `tellsRuns`: whether a start tells which run it made. */
export async function openWorkflowWorld(tellsRuns: boolean): Promise<KindWorld> {
  const server = await startGithub({ tellsRuns });
  const { repository } = server;
  repository.workflows.set('work.yml', {
    inputs: ['run', 'issue'],
    runName: ({ run = '', issue = '' }) => `work on ${issue} (${run})`,
  });
  const end = async (conclusion: string) => {
    for (const run of repository.runs)
      Object.assign(run, { status: 'completed', conclusion, updatedAt: repository.now() });
  };
  return {
    outside: {
      kind: 'github-actions',
      settings: {
        forge: access('github', server),
        file: 'work.yml',
        ref: 'main',
        inputs: { issue: '{issue_id}' },
        runInput: 'run',
        pollSecs: 0.05,
      },
    },
    env: ENV,
    brought: async () => repository.runs.length,
    asked: () => server.got.length,
    finish: () => end('success'),
    fail: () => end('failure'),
    takeBack: () => end('cancelled'),
    isWithdrawn: async () => server.count('POST', '/cancel') === 1,
    troubles: forgeTroubles(server, 'github'),
  };
}
