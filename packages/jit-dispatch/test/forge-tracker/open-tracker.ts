import type { Forge } from '../../src/forge/forge.ts';
import type { Desk } from '../../src/forge-tracker/desk.ts';
import { runForgeTracker } from '../../src/forge-tracker/forge-tracker.ts';
import type { ForgeRules } from '../../src/forge-tracker/reading/rules.ts';
import { createView } from '../../src/forge-tracker/view.ts';
import { createJitCli } from '../../src/tracker/jit-cli.ts';
import type { Tracker } from '../../src/tracker/tracker.ts';
import type { ForgeServer } from '../forge/forge-server.ts';
import { FORGES, type TestTime } from '../forge/open-forges.ts';

export const KINDS = ['github', 'gitea'] as const;
export const TOKEN = 'a'.repeat(32);
export const OTHER = 'b'.repeat(32);

/** A repository whose issues with the label `ai` are a tracker, and dispatchers that share it. */
export interface SharedForge {
  readonly server: ForgeServer;
  readonly time: TestTime;
  /** A tracker with a memory and a connection of its own. */
  open(rules?: Partial<ForgeRules>, more?: Partial<Desk>): Promise<Seat>;
}

/** One dispatcher's tracker. */
export interface Seat {
  readonly tracker: Tracker;
  readonly forge: Forge;
  /** One call in the words of jit. */
  ask(...argv: readonly string[]): Promise<{ exit: number; document: unknown }>;
}

/** Serves a forge, and opens trackers on it. */
export async function shareForge(kind: (typeof KINDS)[number]): Promise<SharedForge> {
  const { server, time, openWith } = await FORGES[kind]();
  return {
    server,
    time,
    async open(facts = {}, more = {}) {
      const forge = await openWith({ FORGE_TOKEN: 'token-of-robot' });
      const rules = () => ({
        kind,
        labels: ['ai'],
        agentLabel: 'agent:{agent_id}',
        assign: null,
        ...facts,
      });
      const view = createView({ forge, rules, accounts: [], now: time.now });
      const desk: Desk = { forge, view, rules, step: () => {}, ...more };
      const run = (argv: readonly string[], input = '') =>
        runForgeTracker(desk, argv, { input, actor: 'jit-dispatch:d', claim: null });
      return {
        forge,
        tracker: createJitCli({
          program: { argv: ['forge-tracker'], suffix: [], cwd: '/', env: {} },
          environment: {},
          timeoutMs: 60_000,
          tellsPeople: true,
          actor: 'jit-dispatch:d',
          run: (_, { args, input }) => run(args, input),
        }),
        async ask(...argv) {
          const { exit, stdout } = await run(argv);
          return { exit, document: JSON.parse(stdout) };
        },
      };
    },
  };
}

/** A claim as dispatchers make it. */
export function claimCall(
  issue: string,
  token: string,
  facts: { agent?: string; ttlSecs?: number | null; maxHeld?: number } = {},
) {
  return { do: 'claim', issue, agent: 'a', ttlSecs: 3600, maxHeld: 9, token, ...facts } as const;
}

/** Lets the leases of an issue be over: their comments are as old as that. */
export function letLeasesEnd({ repository }: ForgeServer, issue: number, hours = 3): void {
  for (const comment of repository.comments.filter((each) => each.issue === issue)) {
    const old = (text: string) =>
      new Date(Date.parse(text) - hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
    Object.assign(comment, {
      createdAt: old(comment.createdAt),
      updatedAt: old(comment.updatedAt),
    });
  }
}
