import { expect, test } from 'vitest';
import { someAssessment, someSnapshot } from '../../test/samples.ts';
import type { Classed } from '../planning/assessing/classification.ts';
import { recordLines } from './render-record.ts';
import { toRecordOutput } from './to-decision-output.ts';

const classLine = (classed: Classed): string | undefined => {
  const assessment = someAssessment({ classed });
  const { rules } = someSnapshot();
  const record = { assessment, rules, agent: null, agents: [], alternatives: [] };
  return recordLines(toRecordOutput(record)).find((line) => line.startsWith('class'));
};

test('a class that is not known yet is said so, not as any', () => {
  const detail = 'the program that classifies it has not answered yet';
  const why = { reason: 'classifying', detail } as const;
  expect(classLine({ is: 'unclassified', why })).toBe(`class        not known: ${detail}`);
  expect(classLine(null)).toBe('class        any');
});
