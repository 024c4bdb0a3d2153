import { readFileSync, statSync } from 'node:fs';
import type { DispatchConfig } from './config.ts';
import type { PromptConfig } from './operating.ts';
import type { Problem } from './problem.ts';

/** A template is no book. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads the template and checks it, where agents take a prompt or one is named: a configuration that
 * was loaded holds a template that works.
 */
export async function withTemplate(
  config: DispatchConfig,
  problems: Problem[],
): Promise<DispatchConfig> {
  const { template, budgetTokens } = config.prompt;
  const isUsed = template !== null || config.agents.some((agent) => agent.prompt !== null);
  if (!isUsed) return config;
  const text = template === null ? await builtIn() : read(template, problems);
  if (text === null) return config;
  const { checkTemplate, ownTokens } = await import('../prompt/check-template.ts');
  const found = await checkTemplate(text);
  const place = template ?? 'the built-in template';
  for (const { line, message } of found) {
    const at = line === null ? place : `${place}:${line}`;
    problems.push({ path: ['prompt', 'template'], message: `${at}: ${message}` });
  }
  const own = found.length === 0 ? ownTokens(text) : 0;
  if (own > budgetTokens)
    problems.push({
      path: ['prompt', 'budget_tokens'],
      message: `is ${budgetTokens}, and the words of ${place} alone have about ${own} tokens`,
    });
  return { ...config, prompt: { ...config.prompt, templateText: text } };
}

/** Further files that a configuration was read from: a change of one of them changes it. */
export function templateFiles({ prompt }: { readonly prompt: PromptConfig }): readonly string[] {
  return prompt.template === null ? [] : [prompt.template];
}

async function builtIn(): Promise<string> {
  return (await import('../prompt/default-template.ts')).DEFAULT_TEMPLATE;
}

function read(file: string, problems: Problem[]): string | null {
  const refuse = (message: string): null => {
    problems.push({ path: ['prompt', 'template'], message });
    return null;
  };
  try {
    // Reading from a pipe would not end.
    const stats = statSync(file);
    if (!stats.isFile()) return refuse(`${file} is no file`);
    if (stats.size > MAX_BYTES) return refuse(`${file} has more than ${MAX_BYTES / 1024} KiB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return refuse(code === 'ENOENT' ? `${file} does not exist` : `cannot read ${file}: ${message}`);
  }
}
