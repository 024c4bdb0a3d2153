import { expect, test } from 'vitest';
import { checkTemplate, ownTokens } from './check-template.ts';
import { DEFAULT_TEMPLATE } from './default-template.ts';

const found = async (text: string) =>
  (await checkTemplate(text)).map(({ line, message }) => `${line}: ${message}`);

test('the built-in template is right, and short', async () => {
  expect(await found(DEFAULT_TEMPLATE)).toEqual([]);
  expect(ownTokens(DEFAULT_TEMPLATE)).toBeLessThan(500);
});

test.each([
  '{{ issue.title }}{{ issue.labels | join: "," }}{{ issue.labels.first }}{{ issue.labels[0] }}',
  '{% if attempt > 1 %}{{ attempt }}{% endif %}{{ issue.metadata.owner.name | default: "-" }}',
  '{% for d in dependencies %}{% for c in d.comments %}{{ c.text }}{{ forloop.index }}{% endfor %}{% endfor %}',
  '{% assign first = dependencies[0] %}{{ first.title }}{% capture x %}y{% endcapture %}{{ x }}',
  '{% for label in issue.labels %}{{ label }}{{ label.size }}{% endfor %}{{ documents.size }}',
  '{% for link in issue.links %}{{ link }}{% endfor %}{% for i in (1..3) %}{{ i }}{% endfor %}',
])('nothing is wrong with %s', async (text) => {
  expect(await found(text)).toEqual([]);
});

test.each([
  ['\n{{ issue.titel }}', "2: there is no variable issue.titel; did you mean 'issue.title'?"],
  ['{{ isue.title }}', "1: there is no variable isue.title; did you mean 'issue.title'?"],
  ['{{ agents }}', "1: there is no variable agents; did you mean 'agent'?"],
  [
    '{% if attempt %}\n{% if false %}{{ workspace.brunch }}{% endif %}{% endif %}',
    "2: there is no variable workspace.brunch; did you mean 'workspace.branch'?",
  ],
  [
    '{% for d in dependencies %}\n{% if d.state == "open" %}{{ d.titel }}{% endif %}{% endfor %}',
    "2: there is no variable d.titel; did you mean 'title'?",
  ],
  [
    '{% for d in dependencies %}{% for c in d.comments %}{{ c.txt }}{% endfor %}{% endfor %}',
    "1: there is no variable c.txt; did you mean 'text'?",
  ],
  ['{{ issue.title | upcas }}', "1: there is no filter upcas; did you mean 'upcase'?"],
  ['{{ issue.title.name }}', '1: there is no variable issue.title.name; '],
  ['x\n{% if attempt %}', '2: tag {% if attempt %} not closed'],
  ['{{ issue.title', '1: output "{{ issue.title" not closed'],
  ['{% iff x %}', "1: there is no tag iff; did you mean 'if'?"],
  ['{% include "/etc/passwd" %}', '1: {% include %} reads another file: a prompt has one template'],
  ['{% render "x" %}', '1: {% render %} reads another file'],
  ['{% layout "x" %}', '1: {% layout %} reads another file'],
  ['{% assign x = dependencies[0] %}{{ x.foo }}', '1: undefined variable: x.foo'],
  ['{% for i in (1..1000000000) %}{% endfor %}', '1: memory alloc limit exceeded'],
])('%j is refused, with its line and what was meant', async (text, words) => {
  const [first = 'nothing', ...others] = await found(text);
  expect(others).toEqual([]);
  expect(first.slice(0, words.length)).toBe(words);
});

test('every mistake in the names is told, once', async () => {
  const text = '{{ a }}\n{{ a }}{{ a }}\n{% for d in documents %}{{ d.txt }}{{ b }}{% endfor %}';
  const lines = (await found(text)).map((each) => each.split(';')[0]);
  expect(lines.sort()).toEqual([
    '1: there is no variable a',
    '2: there is no variable a',
    '3: there is no variable b',
    '3: there is no variable d.txt',
  ]);
});
