import { describe, expect, test } from 'vitest';
import { someChoosing } from '../../../test/samples.ts';
import type { ChoosingConfig } from '../../config/choosing.ts';
import { DEFAULT_SIGNALS, DEFAULT_TASK_TYPES } from '../../config/default-words.ts';
import { globPattern } from '../../config/glob-pattern.ts';
import { wordPattern } from '../../config/word-pattern.ts';
import { assess } from './assess.ts';
import type { IssueText } from './issue-text.ts';
import type { ToldClass } from './told-class.ts';

const text = (title: string, facts: Partial<IssueText> = {}): IssueText => ({
  title,
  labels: [],
  description: '',
  acceptance_criteria: [],
  documents: [],
  metadata: {},
  isWhole: true,
  ...facts,
});
const signals = (words: readonly string[]) => ({
  keywords: words.map((word) => ({ word, pattern: wordPattern([word]) })),
});
const byKeywords: ChoosingConfig['classification'] = {
  ...someChoosing().classification,
  by: 'keywords',
  human: signals(DEFAULT_SIGNALS.human),
  hybrid: signals(DEFAULT_SIGNALS.hybrid),
  ai: signals(DEFAULT_SIGNALS.ai),
};
const look = (
  issue: IssueText,
  facts: Partial<ChoosingConfig> = {},
  told: ToldClass | undefined = undefined,
) => assess(issue, someChoosing(facts), { told, tokens: 0 });
const typeOf = (title: string, facts: Partial<IssueText> = {}) =>
  look(text(title, facts)).taskType.name;
const classOf = (
  issue: IssueText,
  classification: ChoosingConfig['classification'] = byKeywords,
  told?: ToldClass,
) => {
  const { classed } = look(issue, { classification }, told);
  if (classed === null) return null;
  if (classed.is === 'unclassified') return classed.why.reason;
  const { class: said, confidence, by, isUnsure } = classed.classification;
  return `${said} ${confidence} ${by}${isUnsure ? ' unsure' : ''}`;
};

describe('the kind of work', () => {
  test.each([
    ['Design the LLM router', 'architecture'],
    ['Clean-up of the store', 'refactoring'],
    ['Review of pull request 12', 'code_review'],
    ['Investigate the crash', 'complex_reasoning'],
    ['Benchmark three databases', 'research'],
    ['Profiling of the parser', 'analysis'],
    ['Triage new reports', 'triage'],
    ['Roadmap for spring', 'planning'],
    ['Draft a story', 'creative'],
    ['Coordinate the swarm', 'orchestration'],
    ['Batch import', 'parallel_implementation'],
    ['Quick prototype', 'fast_iteration'],
    ['Add a flag', 'routine_coding'],
  ])('%s: %s', (title, name) => {
    expect(typeOf(title)).toBe(name);
  });
  test('the first kind of the table counts, wherever its word stands', () => {
    expect(typeOf('Quick fix', { description: 'the design is wrong' })).toBe('architecture');
    expect(typeOf('Quick fix', { acceptance_criteria: ['reviewed'] })).toBe('code_review');
  });
  test.each(['Explain planets', 'Breakfast menu', 'quadratic hypocrisy', 'Written rewrites'])(
    'a word inside another one tells nothing: %s',
    (title) => {
      expect(typeOf(title)).toBe('routine_coding');
    },
  );
  test('a label that names one counts before words, one that names none does not', () => {
    expect(typeOf('Design it', { labels: ['type:code-review'] })).toBe('code_review');
    expect(typeOf('Design it', { labels: ['type:specialized'] })).toBe('specialized');
    expect(typeOf('Design it', { labels: ['type:bug'] })).toBe('architecture');
  });
  test('a wish counts before all', () => {
    const metadata = { 'dispatch.task_type': 'Research' };
    expect(typeOf('Design it', { labels: ['type:triage'], metadata })).toBe('research');
  });
  test('every kind of the default table is told by each of its own words', () => {
    let words = 0;
    for (const { name, keywords } of DEFAULT_TASK_TYPES)
      for (const keyword of keywords) {
        words += 1;
        const pattern = wordPattern(keywords);
        expect(pattern.test(`Please ${keyword.replace('*', '')} this`), `${name}: ${keyword}`).toBe(
          true,
        );
      }
    expect(words).toBeGreaterThan(40);
  });
});

describe('who it is for', () => {
  test.each([
    ['Review Python code changes for security vulnerabilities', 'ai 0.83 keywords'],
    ['Approve architectural decision for microservices migration', 'human 0.75 keywords'],
    ['Deploy and monitor new service to production', 'hybrid 0.88 keywords'],
    ['Analyze dataset 3', 'ai 0.75 keywords'],
    ['Something else', 'ai 0.75 keywords'],
    ['Approve the deploy', 'human 0.67 keywords unsure'],
  ])('%s: %s', (title, said) => {
    expect(classOf(text(title))).toBe(said);
  });
  test('a label counts before words, a wish before a label, and both are sure', () => {
    const labels = ['class:human'];
    expect(classOf(text('Fix it', { labels }))).toBe('human 1 label');
    const metadata = { 'dispatch.class': 'hybrid' };
    expect(classOf(text('Fix it', { labels, metadata }))).toBe('hybrid 1 wish');
    expect(classOf(text('Fix it', { labels: ['class:robot'] }))).toBe('ai 0.75 keywords');
    const several = ['class:ai', 'class:Human', 'class:hybrid'];
    expect(classOf(text('Fix it', { labels: several }))).toBe('human 1 label');
  });
  test('of what could not be read nobody is sure', () => {
    expect(classOf(text('Fix it', { isWhole: false }))).toBe('ai 0 keywords unsure');
  });
  test('where nobody asks only what the issue says counts', () => {
    const none = { ...byKeywords, by: 'none' as const };
    expect(classOf(text('Approve it'), none)).toBeNull();
    expect(classOf(text('Approve it', { labels: ['class:human'] }), none)).toBe('human 1 label');
  });
  test('a program is waited for, believed, and, where it fails, waited for again or gone without', () => {
    const program = { argv: ['x'], timeoutSecs: 1, retrySecs: 1 };
    const byCommand = { ...byKeywords, by: 'command' as const, program };
    const issue = text('Approve it');
    expect(classOf(issue, byCommand)).toBe('classifying');
    expect(classOf(issue, byCommand, { is: 'asked' })).toBe('classifying');
    const told = { is: 'told', class: 'ai', confidence: 0.6, detail: '' } as const;
    expect(classOf(issue, byCommand, told)).toBe('ai 0.6 command unsure');
    const failed = { is: 'failed', message: 'exit code 1', retryAt: 'later' } as const;
    expect(classOf(issue, byCommand, failed)).toBe('classification_failed');
    const goesOn = { ...byCommand, onFailure: 'keywords' as const };
    expect(classOf(issue, goesOn, failed)).toBe('human 0.75 keywords');
    expect(classOf(issue, goesOn)).toBe('classifying');
  });
});

describe('the risk', () => {
  const scored = (words: Readonly<Record<string, number>>) =>
    Object.entries(words).map(([word, score]) => ({ word, pattern: wordPattern([word]), score }));
  const risk = {
    file: 'risk-map.json',
    threshold: 7,
    map: {
      keywords: scored({ 'auth*': 8, typo: 1 }),
      paths: [{ glob: 'src/pay/**', pattern: globPattern('src/pay/**'), score: 9 }],
      otherwise: 5,
    },
  };
  const label = (name: string) => text('auth', { labels: [name] });
  const riskOf = (issue: IssueText) => {
    const found = look(issue, { risk }).risk;
    return found && `${found.score} ${found.by}${found.isHigh ? ' high' : ''}`;
  };
  test.each([
    ['the highest that fits counts', text('Typo in authentication'), '8 keyword high'],
    ['a path in the text', text('Fix src/pay/card.ts'), '9 path high'],
    ['a document', text('Fix', { documents: ['src/pay/deep/card.ts'] }), '9 path high'],
    ['a path that only begins alike', text('Fix src/payment/card.ts'), '5 default'],
    ['nothing fits', text('Add a flag'), '5 default'],
    ['a label says it in a word', text('Typo', { labels: ['risk:critical'] }), '10 label high'],
    ['or as a number', text('auth', { labels: ['risk:3'] }), '3 label'],
    ['a label that says nothing is none', text('Typo', { labels: ['risk:much'] }), '1 keyword'],
    ['a label called like what every object has', label('risk:constructor'), '8 keyword high'],
    ['and one called like its prototype', label('risk:__proto__'), '8 keyword high'],
    ['what could not be read', text('Typo', { isWhole: false }), '10 unread high'],
  ])('%s', (_, issue, said) => {
    expect(riskOf(issue)).toBe(said);
  });
  test.each([
    './src/pay/card.ts',
    '**src/pay/card.ts**',
    'src\\pay\\card.ts',
    'src/pay/',
    'src/pay',
  ])('%s is found in a text', (path) => {
    expect(riskOf(text(`Change ${path}, then more`))).toBe('9 path high');
  });
  test('a file at the end of a sentence is that file', () => {
    const paths = [{ glob: '**/*.test.ts', pattern: globPattern('**/*.test.ts'), score: 9 }];
    const own = { ...risk, map: { ...risk.map, paths } };
    for (const title of ['Mend a/b.test.ts.', 'Mend b.test.ts.'])
      expect(look(text(title), { risk: own }).risk).toMatchObject({ score: 9, by: 'path' });
  });
  test('a long text without a space costs no more than its length, and is not repeated', () => {
    const issue = text('Read it', { description: 'ab0'.repeat(300_000) });
    expect(riskOf(issue)).toBe('5 default');
    const words = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`word${at}`, 8]));
    const own = { ...risk, map: { ...risk.map, keywords: scored(words) } };
    const found = look(text(Object.keys(words).join(' ')), { risk: own }).risk;
    expect(found?.detail).toContain('"word9" 8, 40 more');
  });
  test('is not looked at without a map, but for a label', () => {
    expect(look(text('auth')).risk).toBeNull();
    expect(look(text('x', { labels: ['risk:high'] })).risk).toMatchObject({
      score: 8,
      isHigh: true,
    });
  });
});

test('what is told of an issue is short, however long its words are', () => {
  const long = 'x'.repeat(100_000);
  const metadata = { 'dispatch.token_budget': long, 'dispatch.class': long };
  const issue = text(`Architect${long}`, { description: `approve${long}`, metadata });
  const found = look(issue, { classification: byKeywords });
  expect(found).toMatchObject({ taskType: { name: 'architecture' } });
  expect(JSON.stringify(found).length).toBeLessThan(2000);
});

test('wishes that make no sense count as not said, and are told', () => {
  const metadata = {
    'dispatch.to': ' a ',
    'dispatch.prefer': ' a ',
    'dispatch.exclude': 'b, ,c',
    'dispatch.class': 'robot',
    'dispatch.token_budget': '-3',
    'dispatch.max_attempts': 2,
    'dispatch.task_type': '',
  };
  expect(look(text('x', { metadata })).wishes).toEqual({
    to: 'a',
    prefer: 'a',
    exclude: ['b', 'c'],
    class: null,
    taskType: null,
    tokenBudget: null,
    maxAttempts: 2,
    problems: [
      'dispatch.class is "robot", none of human, ai, hybrid',
      'dispatch.token_budget is "-3", no whole number from 1',
    ],
  });
});

test('labels name the role, and what has to be there', () => {
  const labels = [
    'role:reviewer',
    'capability:Code-Review',
    'skill:python',
    'capability:code_review',
  ];
  expect(look(text('x', { labels }))).toMatchObject({
    role: 'reviewer',
    needs: ['code_review', 'python'],
  });
});
