import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import type { Problem } from '../../../src/core/config/problem.ts';
import { PROBLEM_CODES } from '../../../src/core/config/problem-codes.ts';
import { resolveProject } from '../../../src/core/config/resolve-project.ts';
import { type ConfigCase, casesOf, expectedOf } from './cases.ts';
import { projectFilesOf } from './project-files.ts';

const CASES = casesOf('bad-config');

describe('bad configs', () => {
  test.each(CASES)('$name has exactly its problems', (given) => {
    const actual = problemsOf(given).map(shorten);

    expect(actual.length).toBeGreaterThan(0);
    expect(actual).toEqual(expectedOf(given, actual));
  });

  test('Every code has a case that shows it', () => {
    const shown = new Set(CASES.flatMap((given) => problemsOf(given).map(({ code }) => code)));

    // A file of its size is not worth keeping: parse-config.test.ts makes one.
    expect(PROBLEM_CODES.filter((code) => !shown.has(code))).toEqual(['file-too-large']);
  });

  test.each(CASES.filter(({ name }) => PROBLEM_CODES.some((code) => code === name)))(
    '$name shows the code that it is named for',
    (given) => {
      expect(problemsOf(given).map(({ code }) => code)).toContain(given.name);
    },
  );
});

function problemsOf({ text, files }: ConfigCase): Problem[] {
  const parsed = parseConfig(text);
  if (!parsed.ok) return [...parsed.problems];
  return parsed.config.projects.flatMap((project) => {
    const resolved = resolveProject(project, projectFilesOf(files, project.path));
    return resolved.ok ? [] : [...resolved.problems];
  });
}

/** One problem as expected.yaml writes it. */
function shorten({
  code,
  line,
  column,
  endLine,
  endColumn,
  path,
  message,
  expected,
  instead,
}: Problem): object {
  return {
    at: `${line}:${column}-${endLine}:${endColumn}`,
    code,
    ...(path !== '' && { path }),
    message,
    ...(expected !== undefined && { expected }),
    ...(instead !== undefined && { instead }),
  };
}
