import { JitError } from '@jit/contract/errors';
import type { Liquid, Template } from 'liquidjs';
import { estimateTokenCount } from 'tokenx';
import { cutTexts } from './cut-texts.ts';
import { createEngine, MAX_PROMPT_CHARS } from './engine.ts';
import type { PromptContext } from './facts.ts';
import { SECTIONS, type Section } from './sections.ts';
import { roughTokens, tokensOf } from './tokens.ts';

/** A finished prompt. */
export interface Prompt {
  readonly text: string;
  /** By the estimate that the budget is measured with. */
  readonly tokens: number;
  /** The names of the sections that were cut. */
  readonly cut: readonly string[];
}

/** A section of which less would remain is left out as a whole. */
const MIN_KEPT_TOKENS = 20;
const MAX_ROUNDS = 8;
/** Characters of the names of what is left out. */
const MAX_SOURCES = 200;

/**
 * Makes a prompt that is no longer than the budget: what is too long is cut section by section.
 * @param budget tokens, by estimate
 * @throws JitError `CONTEXT_BUILD_FAILED` when the template fails for this issue, or when what may not be cut is
 * longer than the budget
 */
export function renderPrompt(template: string, context: PromptContext, budget: number): Prompt {
  const printer = openTemplate(template, budget);
  let rest = context;
  let { text, tokens } = printer(rest);
  const cut: string[] = [];
  for (const section of SECTIONS) {
    if (tokens <= budget) break;
    const size = sizeOf(section, rest);
    const without = leaveOut(section, rest, size);
    const least = printer(without);
    // It is not in this template, or shorter than what is said instead. Tokens alone don't tell: a long
    // text is measured roughly, and may seem to have fewer than a part of it.
    if (least.tokens >= tokens && least.text.length >= text.length) continue;
    cut.push(section.name);
    const fitting =
      least.tokens > budget
        ? null
        : shrink({ section, context: rest, size, tokens, least: least.tokens, budget, printer });
    ({ text, tokens } = fitting ?? least);
    rest = without;
  }
  // Long ones were measured roughly so far.
  if (tokens > budget) tokens = estimateTokenCount(text);
  if (tokens <= budget) return { text, tokens, cut };
  throw contextFailed(
    `what may not be cut of it (template, title, acceptance criteria) has about ${tokens} tokens, and prompt.budget_tokens is ${budget}`,
  );
}

/** The error of a prompt that can't be made. */
function contextFailed(message: string, cause?: unknown): JitError {
  return new JitError('external', 'CONTEXT_BUILD_FAILED', `no prompt: ${message}`, {
    hint: 'correct the template or raise prompt.budget_tokens',
    cause,
  });
}

interface Printed {
  readonly text: string;
  readonly tokens: number;
}

type Printer = (context: PromptContext) => Printed;

function openTemplate(source: string, budget: number): Printer {
  const engine = createEngine();
  const templates = attempt(() => engine.parse(source));
  const saysWhatIsLeftOut =
    'left_out' in engine.analyzeSync(templates, { partials: false }).globals;
  return (context) => {
    const body = print(engine, templates, context);
    const text =
      saysWhatIsLeftOut || context.left_out.length === 0
        ? body
        : `${body}\nNot in this prompt: ${context.left_out.join(' ')}\n`;
    return { text, tokens: tokensOf(text, budget) };
  };
}

function print(engine: Liquid, templates: Template[], context: PromptContext): string {
  const text = String(attempt(() => engine.renderSync(templates, context)));
  if (text.length > MAX_PROMPT_CHARS)
    throw contextFailed(`it has ${text.length} characters, and ${MAX_PROMPT_CHARS} are allowed`);
  // No variable, and hardly a terminal, takes this one.
  return text.replaceAll('\0', '');
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw contextFailed(`the template fails for this issue: ${message.slice(0, 500)}`, error);
  }
}

function sizeOf(section: Section, context: PromptContext): number {
  return section.texts(context).reduce((sum, text) => sum + roughTokens(text), 0);
}

function leaveOut(section: Section, context: PromptContext, size: number): PromptContext {
  const sources = section.sources?.(context).join(', ') ?? '';
  const named = sources.length > MAX_SOURCES ? `${sources.slice(0, MAX_SOURCES)}…` : sources;
  const what = named === '' ? section.name : `${section.name} (${named})`;
  const sentence = `The ${what}, about ${size} tokens: left out.`;
  const rest = section.drop(context);
  return { ...rest, left_out: [...rest.left_out, sentence] };
}

interface Shrinking {
  readonly section: Section;
  readonly context: PromptContext;
  /** Tokens of the texts of the section. */
  readonly size: number;
  /** Tokens of the prompt with all of them, and without the section. */
  readonly tokens: number;
  readonly least: number;
  readonly budget: number;
  readonly printer: Printer;
}

/** As much of a section as fits, or null where that is next to nothing. */
function shrink(facts: Shrinking): Printed | null {
  const { section, context, size, tokens, least, budget, printer } = facts;
  const texts = section.texts(context);
  let kept = Math.floor((size * (budget - least)) / (tokens - least));
  for (let round = 0; round < MAX_ROUNDS && kept >= MIN_KEPT_TOKENS; round += 1) {
    const printed = printer(section.replace(context, cutTexts(texts, kept, section.keep)));
    if (printed.tokens <= budget) return printed;
    // A template may say it twice, and the marks are not counted.
    const scaled = (kept * (budget - least)) / (printed.tokens - least);
    kept = Math.floor(Math.min(scaled, kept - (printed.tokens - budget)) * 0.98);
  }
  return null;
}
