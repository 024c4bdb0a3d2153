import type { Outside } from '../config/agent-kinds.ts';
import type { Kind } from './kind.ts';

/** The kinds of agents that work elsewhere, each loaded when it is used; each is opened with its own settings. */
const KINDS: { readonly [K in Outside['kind']]: () => Promise<Kind> } = {
  http: async () => (await import('./http/http-kind.ts')).httpKind,
  'github-label': async () => (await import('./label/label-kind.ts')).labelKind,
  'gitea-label': async () => (await import('./label/label-kind.ts')).labelKind,
  'github-actions': async () => (await import('./workflow/workflow-kind.ts')).workflowKind,
  'copilot-sdk': async () => (await import('./session/session-kind.ts')).sessionKind,
  human: async () => (await import('./human/human-kind.ts')).humanKind,
};

/** The kind that an agent is of. */
export function loadKind(kind: Outside['kind']): Promise<Kind> {
  return KINDS[kind]();
}
