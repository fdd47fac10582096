import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../../src/core/config/format-problem.ts';

const PROBLEM = {
  code: 'bad-value',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 9,
  path: 'a.b',
  message: 'It is wrong',
};

describe('formatProblem', () => {
  test('It says the place, the message, what was expected, what to write and the code', () => {
    expect(formatProblem({ ...PROBLEM, expected: 'a word', instead: 'write `x`' }, '.tekton-ci.yml')).toBe(
      '.tekton-ci.yml:3:7: It is wrong; expected a word; write `x` (bad-value)',
    );
    expect(formatProblem(PROBLEM, 'ci/a.yml')).toBe('ci/a.yml:3:7: It is wrong (bad-value)');
  });

  test('It is one line without control characters, whatever the problem holds', () => {
    const text = formatProblem({ ...PROBLEM, message: 'a\r\nb\u001b[31m\u2028c' }, 'f');

    expect(text).toBe('f:3:7: a b [31m c (bad-value)');
  });
});
