import type { Outside } from '../../src/config/agent-kinds.ts';
import type { ForgeAccess } from '../../src/config/forges.ts';

const text = (value: string) => JSON.stringify(value);
const lines = (table: Record<string, unknown>) =>
  Object.entries(table)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('');

/** The configuration of an agent of a world, as a person would write it. */
export function agentTable(id: string, outside: Outside, more = ''): string {
  return `${forgeTable(outside)}[[agents]]\nid = ${text(id)}\nkind = ${text(outside.kind)}\n${more}${ownTable(outside)}`;
}

function ownTable({ kind, settings }: Outside): string {
  switch (kind) {
    case 'http':
      return `[agents.http]\n${lines({
        url: settings.url,
        token_env: settings.token !== null && 'env' in settings.token ? settings.token.env : null,
        callback: settings.callback,
        poll_url: settings.pollUrl,
        cancel_url: settings.cancelUrl,
        poll_secs: settings.pollSecs,
        timeout_secs: settings.timeoutSecs,
      })}`;
    case 'github-label':
    case 'gitea-label':
      return `[agents.label]\n${lines({ name: settings.label, poll_secs: settings.pollSecs })}`;
    case 'github-actions':
      return `[agents.workflow]\n${lines({ file: settings.file, ref: settings.ref, poll_secs: settings.pollSecs })}[agents.workflow.inputs]\n${lines(settings.inputs)}`;
    case 'copilot-sdk':
      return `[agents.session]\n${lines({ module: settings.module, model: settings.model, timeout_secs: settings.timeoutSecs, retries: settings.retries, retry_secs: settings.retrySecs })}`;
    case 'human':
      return `[agents.human]\n${lines({ notify: settings.notify, poll_secs: settings.pollSecs })}`;
  }
}

function forgeTable({ settings }: Outside): string {
  if (!('forge' in settings)) return '';
  const { kind, repository, url, token }: ForgeAccess = settings.forge;
  const env = 'env' in token ? token.env : null;
  return `[${kind}]\n${lines({ repository, url, token_env: env, timeout_secs: 5 })}`;
}
