import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { templateFiles } from './load-template.ts';

const AGENT = '[[agents]]\nid = "a"\ncommand = "agent"\n';
const NAMED = `${AGENT}[prompt]\ntemplate = "prompt.liquid"\n`;

/** Loads a configuration with this template beside it. */
async function load(toml: string, template?: string) {
  const folder = tempFolder();
  const path = (name: string) => join(folder, name);
  writeFileSync(path('dispatch.toml'), toml);
  if (template !== undefined) writeFileSync(path('prompt.liquid'), template);
  const loaded = () => loadConfig(path('dispatch.toml'));
  const refusal = async () => {
    const error: unknown = await loaded().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof JitError)) throw new Error(`not refused: ${error}`);
    expect(error.code).toBe('CONFIG_INVALID');
    return error.message.replaceAll(`${folder}/`, '');
  };
  return { path, loaded, refusal };
}

test('the text of a template is part of the configuration, and its file is watched', async () => {
  const { path, loaded } = await load(NAMED, '{{ issue.title }}');
  const { config } = await loaded();
  expect(config.prompt).toMatchObject({
    template: path('prompt.liquid'),
    templateText: '{{ issue.title }}',
  });
  expect(templateFiles(config)).toEqual([path('prompt.liquid')]);
});

test('the built-in one is there for agents that take a prompt, and costs others nothing', async () => {
  const none = await (await load(AGENT)).loaded();
  expect(none.config.prompt.templateText).toBeNull();
  expect(templateFiles(none.config)).toEqual([]);
  const some = await (await load(`${AGENT}prompt = "file"\n`)).loaded();
  expect(some.config.prompt.templateText).toContain('{{ issue.title }}');
});

test.each([
  [
    'x\n{{ issue.titel }}',
    "dispatch.toml:5: prompt.template: prompt.liquid:2: there is no variable issue.titel; did you mean 'issue.title'?",
  ],
  [
    '{% if attempt %}{{ x | nofilter }}{% endif %}',
    'dispatch.toml:5: prompt.template: prompt.liquid:1: there is no filter nofilter; see the Liquid documentation',
  ],
  [
    '{% for x in documents %}',
    'dispatch.toml:5: prompt.template: prompt.liquid:1: tag {% for x in documents %} not closed',
  ],
  [
    '{% include "dispatch.toml" %}',
    'dispatch.toml:5: prompt.template: prompt.liquid:1: {% include %} reads another file: a prompt has one template',
  ],
  ['x'.repeat(300_000), 'dispatch.toml:5: prompt.template: prompt.liquid has more than 256 KiB'],
  [undefined, 'dispatch.toml:5: prompt.template: prompt.liquid does not exist'],
])(
  'a template that is wrong is refused with file, line and what was meant: %#',
  async (text, words) => {
    expect(await (await load(NAMED, text)).refusal()).toBe(words);
  },
);

test('every mistake of a template is told', async () => {
  const { refusal } = await load(NAMED, '{{ a }}\n{{ b }}');
  expect((await refusal()).split('\n')).toHaveLength(2);
});

test('a folder or a pipe is no template, and nobody waits for it', async () => {
  const folder = await load(NAMED);
  mkdirSync(folder.path('prompt.liquid'));
  expect(await folder.refusal()).toContain('prompt.liquid is no file');
  const pipe = await load(NAMED);
  execFileSync('mkfifo', [pipe.path('prompt.liquid')]);
  expect(await pipe.refusal()).toContain('prompt.liquid is no file');
});

test('a budget that the words of the template alone use up is refused', async () => {
  const { refusal } = await load(`${AGENT}prompt = "env"\n[prompt]\nbudget_tokens = 100\n`);
  expect(await refusal()).toMatch(
    /^dispatch.toml:6: prompt.budget_tokens: is 100, and the words of the built-in template alone have about \d+ tokens$/,
  );
});

test('stdin holds the issue or the prompt, not both', async () => {
  const { refusal } = await load(`${AGENT}issue_json = "stdin"\nprompt = "stdin"\n`);
  expect(await refusal()).toBe(
    'dispatch.toml:5: agents[0].prompt: is stdin, and so is issue_json: stdin holds one of them; use "file" for the other',
  );
});
