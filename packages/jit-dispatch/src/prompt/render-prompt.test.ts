import fc from 'fast-check';
import { estimateTokenCount } from 'tokenx';
import { describe, expect, test } from 'vitest';
import { DEFAULT_TEMPLATE } from './default-template.ts';
import { EMPTY, type PromptContext } from './facts.ts';
import { renderPrompt } from './render-prompt.ts';

const AT = '2026-11-20T10:00:00.000Z';
const comment = (text: string, by = 'ann') => ({ by, at: AT, text });
const dependency = (id: string, text: string, isPart = false) => ({
  id,
  title: `Title of ${id}`,
  state: 'done',
  finished_by: 'worker',
  is_part: isPart,
  comments: [comment(text, 'worker')],
});

const ISSUE: PromptContext['issue'] = {
  ...EMPTY.issue,
  id: 'k7q2',
  title: 'Parse dates',
  priority: 'high',
};

const FULL: PromptContext = {
  tracker: { kind: 'jit' },
  repository: { name: null, base: null },
  issue: {
    ...ISSUE,
    description: 'Dates come as {{ year }}-{{ month }}.\nRead them.',
    labels: ['lang:rust', 'area:parser'],
    acceptance_criteria: ['leap years', 'no panic'],
    comments: [comment('Mind the {% raw %} calendars.')],
    documents: ['docs/dates.md', '../secret'],
  },
  attempt: 2,
  agent: { id: 'copilot-1', type: null, tags: ['rust'], completion: 'issue' },
  run: { id: 'r1' },
  workspace: { path: '/repo/k7q2', branch: 'jit/k7q2' },
  dependencies: [
    dependency('p1', 'The table is in src/table.rs', true),
    dependency('d2', 'Agreed'),
  ],
  children: [dependency('p1', 'The table is in src/table.rs', true)],
  documents: [
    { path: 'docs/dates.md', text: '# Dates\nISO only.', problem: null },
    { path: '../secret', text: null, problem: '(not read: it is outside of the repository)' },
  ],
  earlier_failures: [{ attempt: 1, agent: 'copilot-1', class: 'gate', reason: 'gates failed' }],
  failed_gates: [{ gate: 'tests', attempt: 1, end: 'exit 1', output: 'no light\nat line 3' }],
  left_out: [],
};

describe('the built-in template', () => {
  test('says everything that is known', async () => {
    const { text, cut } = renderPrompt(DEFAULT_TEMPLATE, FULL, 8000);
    expect(cut).toEqual([]);
    await expect(text).toMatchFileSnapshot('./goldens/full.txt');
  });
  test('says little where little is known', async () => {
    const agent = { ...FULL.agent, completion: 'exit' };
    const { text } = renderPrompt(DEFAULT_TEMPLATE, { ...EMPTY, issue: ISSUE, agent }, 8000);
    await expect(text).toMatchFileSnapshot('./goldens/least.txt');
  });
  test('says what was cut of long texts, and keeps title and criteria', async () => {
    const words = (word: string, count: number) => `first ${`${word} `.repeat(count)}last`;
    const long: PromptContext = {
      ...FULL,
      issue: { ...FULL.issue, description: words('work', 400) },
      dependencies: [dependency('p1', words('result', 300), true), dependency('d2', 'Agreed')],
      documents: [{ path: 'docs/dates.md', text: words('date', 3000), problem: null }],
    };
    const { text, tokens, cut } = renderPrompt(DEFAULT_TEMPLATE, long, 1000);
    expect(cut).toEqual(['documents', 'results of what it waited for']);
    expect(tokens).toBeGreaterThan(900);
    await expect(text).toMatchFileSnapshot('./goldens/cut.txt');
  });
});

describe('a prompt', () => {
  const budgeted =
    '{{ issue.title }}|{{ issue.acceptance_criteria | join }}|{{ issue.description }}';
  test('of a template that says something twice fits, too', () => {
    const twice = '{{ issue.title }}{{ issue.description }}{{ issue.description }}';
    const issue = { ...ISSUE, description: 'work '.repeat(2000) };
    const { text, tokens } = renderPrompt(twice, { ...EMPTY, issue }, 500);
    expect(tokens).toBeLessThanOrEqual(500);
    expect(tokens).toBeGreaterThan(400);
    expect(text.match(/about \d+ tokens are left out/g)).toHaveLength(2);
  });
  test('keeps both ends of its description, and the end of what gates printed', () => {
    const text = `BEGIN ${'middle '.repeat(1000)} END`;
    const context = { ...EMPTY, issue: { ...ISSUE, description: text } };
    expect(renderPrompt(budgeted, context, 200).text).toMatch(
      /\|BEGIN [\s\S]*left out[\s\S]* END$/,
    );
    const failed_gates = [{ gate: 'g', attempt: 1, end: 'exit 1', output: text }];
    const gates = '{% for each in failed_gates %}{{ each.output }}{% endfor %}';
    const printed = renderPrompt(gates, { ...EMPTY, failed_gates }, 200).text;
    expect(printed).toMatch(/^\[… about \d+ tokens are left out …\][\s\S]* END$/);
  });
  test('has what it leaves out at its end where the template does not say it', () => {
    const context = { ...EMPTY, left_out: ['Results of 3 more issues.'] };
    expect(renderPrompt('x', context, 100).text).toBe(
      'x\nNot in this prompt: Results of 3 more issues.\n',
    );
  });
  test('whose title and criteria alone are too long is none', () => {
    const issue = { ...ISSUE, acceptance_criteria: ['must '.repeat(500)] };
    expect(() => renderPrompt(budgeted, { ...EMPTY, issue }, 200)).toThrow(
      /template, title, acceptance criteria\) has about \d+ tokens, and prompt.budget_tokens is 200/,
    );
  });
  test('of a template that fails, hangs or grows without end is none, soon', () => {
    const issue = { ...ISSUE, description: 'x'.repeat(200_000) };
    for (const template of [
      '{{ issue.metadata.owner }}',
      '{% for i in (1..2000000000) %}{{ i }}{% endfor %}',
      '{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}',
      '{% for i in (1..100000) %}{{ issue.description }}{% endfor %}',
      '{% assign a = "aaaaaaaaaa" %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}',
    ])
      expect(() =>
        renderPrompt(template, { ...EMPTY, issue: { ...issue, metadata: {} } }, 1000),
      ).toThrow('no prompt: ');
  });
  test('of far too much is cut as well, without counting all of it', () => {
    for (const word of ['word and, ', '東京 ', ' '.repeat(100), 'x'.repeat(30)]) {
      const long = word.repeat(Math.ceil(400_000 / word.length));
      const dependencies = Array.from({ length: 20 }, (_, index) => dependency(`d${index}`, long));
      const context = { ...EMPTY, dependencies, issue: { ...ISSUE, description: long } };
      const { text, tokens } = renderPrompt(DEFAULT_TEMPLATE, context, 2000);
      expect(estimateTokenCount(text)).toBe(tokens);
      expect(tokens).toBeLessThanOrEqual(2000);
    }
  });
  test('has no NUL in it', () => {
    const issue = { ...ISSUE, description: 'a\0b' };
    expect(renderPrompt(budgeted, { ...EMPTY, issue }, 200).text).toContain('|ab');
  });
});

test('whatever is in it, a prompt is never longer than its budget, and title and criteria are whole', () => {
  const word = fc.constantFrom(
    'word ',
    'Ünïcödé ',
    '東京 ',
    '🙂',
    '12345 ',
    '\n\n',
    '{{ x }}',
    '-_-',
  );
  const text = fc
    .tuple(fc.array(word, { maxLength: 40 }), fc.constantFrom(1, 3, 60))
    .map(([words, times]) => words.join('').repeat(times));
  const texts = fc.array(text, { maxLength: 6 });
  const context = fc.record({
    description: text,
    own: texts,
    parts: texts,
    files: texts,
    gates: texts,
    failures: texts,
  });
  const templates = [
    DEFAULT_TEMPLATE,
    '{{ issue.title }} {{ issue.acceptance_criteria | join: " " }} {{ issue.description }}{% for d in documents %}{{ d.text }}{{ d.text }}{% endfor %}',
  ];
  const counts = { whole: 0, cut: 0, refused: 0 };
  const used = new Set<string>();
  fc.assert(
    fc.property(
      context,
      fc.integer({ min: 420, max: 4000 }),
      fc.constantFrom(...templates),
      (facts, budget, template) => {
        const full: PromptContext = {
          ...FULL,
          issue: {
            ...FULL.issue,
            description: facts.description,
            comments: facts.own.map((each) => comment(each)),
          },
          dependencies: facts.parts.map((each, index) => dependency(`p${index}`, each)),
          documents: facts.files.map((each) => ({ path: 'a.md', text: each, problem: null })),
          failed_gates: facts.gates.map((output) => ({
            gate: 'g',
            attempt: 1,
            end: 'exit 1',
            output,
          })),
          earlier_failures: facts.failures.map((reason) => ({
            attempt: 1,
            agent: null,
            class: 'agent',
            reason,
          })),
        };
        let made: ReturnType<typeof renderPrompt>;
        try {
          made = renderPrompt(template, full, budget);
        } catch (error) {
          expect(String(error)).toContain('what may not be cut');
          counts.refused += 1;
          return;
        }
        expect(estimateTokenCount(made.text)).toBeLessThanOrEqual(budget);
        expect(made.text).toContain(FULL.issue.title);
        for (const criterion of FULL.issue.acceptance_criteria)
          expect(made.text).toContain(criterion);
        expect(/\p{Surrogate}/u.test(made.text)).toBe(false);
        if (made.cut.length > 0) expect(made.text).toContain('left out');
        for (const name of made.cut) used.add(name);
        counts[made.cut.length > 0 ? 'cut' : 'whole'] += 1;
      },
    ),
    { numRuns: 200 },
  );
  console.log(
    `200 prompts: ${counts.whole} whole, ${counts.cut} cut in ${used.size} kinds of sections, ${counts.refused} refused; none longer than its budget`,
  );
  expect(used.size).toBe(6);
});

test('results without any text are left out, too, when they are too many', () => {
  const dependencies = Array.from({ length: 50 }, (_, index) => ({
    ...dependency(`d${index}`, ''),
    title: `A title of many words, for the one that has the number ${index} `.repeat(3),
    comments: [],
  }));
  const { tokens, cut } = renderPrompt(DEFAULT_TEMPLATE, { ...FULL, dependencies }, 1000);
  expect(tokens).toBeLessThanOrEqual(1000);
  expect(cut).toContain('results of what it waited for');
});

test('a text that is as dense as nobody measures it where it is long is cut all the same', () => {
  // The middle of it lies between the parts that are counted.
  for (const [dense, thin] of [
    ['漢', ' '],
    ['!', ' '],
    ['👩‍👩‍👧‍👦', '\u200b'],
  ] as const)
    for (const length of [1000, 10_000, 20_000, 30_000]) {
      const output = thin.repeat(length) + dense.repeat(6000) + thin.repeat(length);
      const failed_gates = [{ gate: 'g', attempt: 1, end: 'exit code 1', output }];
      const issue = { ...FULL.issue, description: dense.repeat(9000) };
      const context = { ...FULL, issue, failed_gates };
      for (const budget of [900, 1500, 3000])
        expect(renderPrompt(DEFAULT_TEMPLATE, context, budget).tokens).toBeLessThanOrEqual(budget);
    }
});

test('an agent is told which repository its work is for; a template also knows what its branch began at', () => {
  const context: PromptContext = { ...FULL, repository: { name: 'acme/anvil', base: 'main' } };
  expect(renderPrompt(DEFAULT_TEMPLATE, context, 8000).text).toContain('a part of acme/anvil.');
  const template = '{{ repository.name }} {{ repository.base }}';
  expect(renderPrompt(template, context, 8000).text).toBe('acme/anvil main');
});

test('an agent whose issue is that of a forge is told of no command that is not there', () => {
  const context: PromptContext = { ...FULL, tracker: { kind: 'github' } };
  const { text } = renderPrompt(DEFAULT_TEMPLATE, context, 8000);
  expect(text.slice(text.indexOf('## How to work'))).not.toMatch(/\bjit\b(?!\/)/);
});
