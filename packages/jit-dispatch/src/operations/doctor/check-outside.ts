import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import type { Outside, TokenPlace } from '../../config/agent-kinds.ts';
import { type Check, failed, well } from './check.ts';
import { checkProgram } from './check-program.ts';

/** What an agent that works elsewhere needs from here; nobody there is asked. */
export function checkOutside(
  name: string,
  { kind, settings }: Outside,
  { environment, path }: { readonly environment: NodeJS.ProcessEnv; readonly path: string },
): Check[] {
  switch (kind) {
    case 'http':
      return [
        well(name, `${kind}: ${new URL(settings.url).host}`),
        ...checkToken(name, settings.token, environment),
      ];
    case 'github-label':
    case 'gitea-label':
    case 'github-actions':
      return [
        well(name, `${kind}: ${settings.forge.repository}`),
        ...checkToken(name, settings.forge.token, environment),
      ];
    case 'copilot-sdk':
      return [checkModule(name, settings)];
    case 'human':
      return settings.notify === null
        ? [well(name, 'a person, who is told by a comment')]
        : [checkProgram(name, settings.notify[0] ?? '', path)];
  }
}

function checkToken(
  name: string,
  token: TokenPlace | null,
  environment: NodeJS.ProcessEnv,
): Check[] {
  if (token === null) return [];
  if ('env' in token)
    return environment[token.env]
      ? []
      : [failed(name, `${token.env} is not set here`, 'set it where the dispatcher is started')];
  return existsSync(token.file)
    ? []
    : [failed(name, `${token.file} is not there`, 'write the token into it, for its owner only')];
}

function checkModule(
  name: string,
  { module, folder }: { readonly module: string; readonly folder: string },
): Check {
  try {
    const from = isAbsolute(module) ? module : join(folder, 'dispatch.toml');
    return well(name, `copilot-sdk: ${createRequire(from).resolve(module)}`);
  } catch {
    return failed(
      name,
      `${module} is not installed in ${folder}`,
      `install it there: npm install ${module}`,
    );
  }
}
