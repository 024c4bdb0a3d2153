import { Liquid } from 'liquidjs';

/** Characters of a template. */
export const MAX_TEMPLATE_CHARS = 256 * 1024;
/** No prompt is longer, before it is cut. */
export const MAX_PROMPT_CHARS = 10 * 1024 * 1024;
/** Milliseconds that one rendering may take. */
const RENDER_MS = 500;
/** What filters and ranges may make, in the units of the library: characters and elements. */
const MAX_MADE = 20_000_000;

/** These read other files. */
export const FILE_TAGS: readonly string[] = ['include', 'render', 'layout', 'block'];

/**
 * The template language: strict, without files, and limited, so that no template can hang the
 * dispatcher or eat its memory. In conditions and before `default` a value may be missing.
 */
export function createEngine(): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: MAX_TEMPLATE_CHARS,
    renderLimit: RENDER_MS,
    memoryLimit: MAX_MADE,
    relativeReference: false,
    // Looked for here, and nowhere else.
    templates: {},
  });
  for (const tag of FILE_TAGS) Reflect.deleteProperty(engine.tags, tag);
  return engine;
}
