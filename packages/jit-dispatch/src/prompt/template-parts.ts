import type { Liquid, Template, ValueToken, Variable } from 'liquidjs';

/** A path to a value; one that is a variable itself is given by that. */
export type Segments = Variable['segments'];

/** A part of a template that is repeated for each element of something. */
export interface Loop extends Template {
  readonly variable: string;
  readonly collection: ValueToken;
  readonly templates: Template[];
}

/** The outermost loops in a part of a template, wherever they are in it. */
export function loopsIn(templates: readonly Template[]): readonly Loop[] {
  return templates.flatMap((each) => (isLoop(each) ? [each] : loopsIn(childrenOf(each))));
}

function isLoop(template: Template): template is Loop {
  return 'collection' in template && 'variable' in template && 'templates' in template;
}

function childrenOf(template: Template): readonly Template[] {
  const walk = template.children?.(false, true);
  if (walk === undefined) return [];
  for (;;) {
    const step = walk.next();
    if (step.done) return step.value;
  }
}

/** The paths that a loop goes over. */
export function variablesOf(engine: Liquid, { token, collection }: Loop): readonly Segments[] {
  const list: Template = { token, render: () => undefined, arguments: () => [collection] };
  const { variables } = engine.analyzeSync([list], { partials: false });
  return Object.values(variables)
    .flat()
    .map(({ segments }) => segments);
}
