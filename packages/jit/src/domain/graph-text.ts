import { onOneLine } from './plain-text.ts';

/** What a drawing says of a node. */
export interface DrawnNode {
  readonly id: string;
  readonly short_id: string;
  /** Null where the issue is missing or can't be read. */
  readonly title: string | null;
  readonly state: string;
}

/** What is drawn: `issue` depends on `depends_on`, and the arrow points at what it depends on. */
export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly { readonly issue: string; readonly depends_on: string }[];
}

/** Fill colours, light enough for black text. */
const COLOURS: Readonly<Record<string, string>> = {
  ready: '#d3f9d8',
  open: '#f1f3f5',
  in_progress: '#d0ebff',
  gated: '#fff3bf',
  done: '#b2f2bb',
  rejected: '#ffe3e3',
  archived: '#e9ecef',
  missing: '#ffc9c9',
  unreadable: '#ffc9c9',
};

/** The graph in the language of Graphviz. */
export function toDot({ nodes, edges }: DrawnGraph): string {
  const lines = nodes.map((node) => {
    const label = dotText([headOf(node), onOneLine(node.title ?? '')]);
    return `  ${dotText([node.id])} [label=${label}, fillcolor="${colourOf(node)}"];`;
  });
  const arrows = edges.map(
    ({ issue, depends_on }) => `  ${dotText([issue])} -> ${dotText([depends_on])};`,
  );
  return [
    'digraph jit {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled"];',
    ...lines,
    ...arrows,
    '}',
  ].join('\n');
}

/** The graph as a Mermaid flowchart. */
export function toMermaid({ nodes, edges }: DrawnGraph): string {
  const used = [...new Set(nodes.map(({ state }) => state))].sort();
  const lines = nodes.map((node) => {
    const title = onOneLine(node.title ?? '');
    const label = [headOf(node), title].filter((line) => line !== '').map(mermaidText);
    return `  ${mermaidName(node.id)}["${label.join('<br/>')}"]:::${node.state}`;
  });
  const arrows = edges.map(
    ({ issue, depends_on }) => `  ${mermaidName(issue)} --> ${mermaidName(depends_on)}`,
  );
  const classes = used.map(
    (state) => `  classDef ${state} fill:${COLOURS[state] ?? '#fff'},color:#000`,
  );
  return ['flowchart LR', ...lines, ...arrows, ...classes].join('\n');
}

function headOf({ short_id, state }: DrawnNode): string {
  return `${short_id} · ${state}`;
}

function colourOf({ state }: DrawnNode): string {
  return COLOURS[state] ?? '#ffffff';
}

function dotText(lines: readonly string[]): string {
  const escaped = lines
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  return `"${escaped.join('\\n')}"`;
}

/** A name that Mermaid takes for nothing else (`end` is a keyword, dots and dashes are syntax). */
function mermaidName(id: string): string {
  const safe = id.replace(/[^A-Za-z0-9]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}_`);
  return `i_${safe}`;
}

/** Everything that could end the label, be HTML or be Markdown (also a list at its beginning), as an entity of Mermaid. */
function mermaidText(text: string): string {
  return text.replace(
    /["#&<>`*_~\\[\]{}|$@=]|^[-+]|(?<=^\d+)\./g,
    (sign) => `#${sign.charCodeAt(0)};`,
  );
}
