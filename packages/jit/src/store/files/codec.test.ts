import { describe, expect, it } from 'vitest';
import { aClaimedIssue, anIssue } from '../../domain/issue-fixture.ts';
import { gateText, issueText, parseGate, parseIssue, Unreadable } from './codec.ts';

describe('an issue file', () => {
  const issue = aClaimedIssue({
    labels: ['b', 'a'],
    metadata: { z: 1, a: { nested: ['x'] } },
    gates: { review: { status: 'passed', by: 'ana', at: '2026-01-01T00:00:00.000Z' } },
    extra: { from_the_future: { kept: true } },
  });

  it('is read back as what was written, sets sorted', () => {
    expect(parseIssue(issueText(issue), issue.id)).toEqual({ ...issue, labels: ['a', 'b'] });
  });

  it('is the same text when it is read and written again', () => {
    const text = issueText(issue);
    expect(issueText(parseIssue(text, issue.id))).toBe(text);
  });

  it('has one array element per line, two spaces of indent and a last newline', () => {
    expect(issueText(issue)).toContain('"labels": [\n    "a",\n    "b"\n  ],\n');
    expect(issueText(issue).endsWith('}\n')).toBe(true);
  });

  it('has no field that changes with every write', () => {
    expect(issueText(issue)).not.toContain('updated_at');
  });

  it('keeps keys that this program does not know', () => {
    const text = issueText(anIssue()).replace('"schema": 1,', '"schema": 1,\n  "colour": "red",');
    expect(JSON.parse(issueText(parseIssue(text, 'a000'))).colour).toBe('red');
  });

  it.each([
    ['conflict markers', (text: string) => `<<<<<<< HEAD\n${text}`, /conflict markers/],
    ['half a document', (text: string) => text.slice(0, 40), /no JSON/],
    [
      'a newer schema',
      (text: string) => text.replace('"schema": 1', '"schema": 2'),
      /newer than this program/,
    ],
    ['no schema', (text: string) => text.replace('"schema": 1,', ''), /"schema"/],
    ['an unknown state', (text: string) => text.replace('"open"', '"opened"'), /"state"/],
    ['an unknown priority', (text: string) => text.replace('"normal"', '"medium"'), /"priority"/],
    [
      'a time that is none',
      (text: string) => text.replace('2026-01-01T00', 'yesterday'),
      /"created_at"/,
    ],
    ['the id of another file', (text: string) => text.replace('"a000"', '"b000"'), /its name says/],
    [
      'labels that are no list',
      (text: string) => text.replace('"labels": []', '"labels": "a"'),
      /"labels"/,
    ],
    ['an empty title', (text: string) => text.replace('an issue', ' '), /"title"/],
  ])('with %s can not be used, and the reason is told', (_, change, reason) => {
    const text = change(issueText(anIssue()));
    expect(() => parseIssue(text, 'a000')).toThrow(Unreadable);
    expect(() => parseIssue(text, 'a000')).toThrow(reason);
  });
});

describe('a gate file', () => {
  it('is read back as what was written', () => {
    const gate = {
      key: 'tests',
      title: 'Tests',
      description: '',
      stage: 'done' as const,
      mode: 'auto' as const,
      checker: { command: 'npm test', timeout_secs: 60, working_dir: null, env: { CI: '1' } },
      extra: { later: 1 },
    };
    expect(parseGate(gateText(gate), 'tests')).toEqual(gate);
  });
});
