import { SAMPLE } from './facts.ts';

/** What the templates of a pull request can say: of a prompt's facts, those that still hold when the work is done. */
export interface PullContext {
  readonly issue: typeof SAMPLE.issue;
  readonly agent: { readonly id: string };
  readonly run: { readonly id: string };
  /** The branch with the work. */
  readonly branch: string;
}

/** One of everything: what these templates are checked against. */
export const PULL_SAMPLE: PullContext = {
  issue: SAMPLE.issue,
  agent: { id: 'word' },
  run: { id: 'word' },
  branch: 'word',
};

/** The title of a pull request where the configuration has none. */
export const DEFAULT_PULL_TITLE = '{{ issue.title }}';

/** Its text. */
export const DEFAULT_PULL_BODY = `{{ issue.description }}

{% if issue.acceptance_criteria.size > 0 -%}
## Acceptance criteria

{% for criterion in issue.acceptance_criteria -%}
- {{ criterion }}
{% endfor %}
{% endif -%}
Issue {{ issue.id }}
`;
