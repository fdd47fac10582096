import { describe, expect, test } from '@jest/globals';
import type { Problem } from '../../../src/core/config/problem.ts';
import { PROBLEM_CODES } from '../../../src/core/config/problem-codes.ts';
import { parseSettings } from '../../../src/core/settings/parse-settings.ts';
import { expectedOf } from '../config/cases.ts';
import { casesOf } from './cases.ts';

const CASES = casesOf('bad-settings');

describe('bad settings', () => {
  test.each(CASES)('$name has exactly its problems', (given) => {
    const actual = problemsOf(given.text).map(shorten);

    expect(actual.length).toBeGreaterThan(0);
    expect(actual).toEqual(expectedOf(given, actual));
  });

  test.each(CASES.filter(({ name }) => PROBLEM_CODES.some((code) => code === name)))(
    '$name shows the code that it is named for',
    ({ name, text }) => {
      expect(problemsOf(text).map(({ code }) => code)).toContain(name);
    },
  );
});

function problemsOf(text: string): readonly Problem[] {
  const parsed = parseSettings(text);
  return parsed.ok ? [] : parsed.problems;
}

/** One problem as expected.yaml writes it. */
function shorten({ line, column, endLine, endColumn, path, ...said }: Problem): object {
  return { at: `${line}:${column}-${endLine}:${endColumn}`, ...(path !== '' && { path }), ...said };
}
