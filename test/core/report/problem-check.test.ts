import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import type { Problem } from '../../../src/core/config/problem.ts';
import { problemReport } from '../../../src/core/report/problem-check.ts';

const PROBLEM: Problem = {
  code: 'unknown-key',
  path: 'test.comands',
  message: '`comands` is not known here',
  expected: 'one of `commands`, `flags`',
  instead: 'write `commands`',
  line: 3,
  column: 7,
  endLine: 3,
  endColumn: 14,
};

describe('the check of an invalid config', () => {
  test('shows every problem in its place', () => {
    const { conclusion, output, page } = problemReport([PROBLEM]);

    expect(conclusion).toBe('failure');
    expect(output.title).toBe('.tekton-ci.yml has 1 problem');
    expect(output.summary).toBe(`| Line | Key | Problem |
| --- | --- | --- |
| 3:7 | \`test.comands\` | \\\`comands\\\` is not known here; expected one of \\\`commands\\\`, \\\`flags\\\`; write \\\`commands\\\` |

Check the file before you push: \`npx tekton-ci lint\``);
    expect(output.annotations).toEqual([
      {
        path: '.tekton-ci.yml',
        startLine: 3,
        endLine: 3,
        startColumn: 7,
        endColumn: 14,
        level: 'failure',
        title: 'test.comands',
        message: '`comands` is not known here; expected one of `commands`, `flags`; write `commands`',
      },
    ]);
    expect(page.summary).toContain('.tekton-ci.yml:3:7: `comands` is not known here');
  });

  test('a problem over several lines has no columns, which GitHub would refuse', () => {
    const [annotation] = problemReport([{ ...PROBLEM, endLine: 5, endColumn: 2 }]).output.annotations;

    expect(annotation).toMatchObject({ startLine: 3, endLine: 5 });
    expect(annotation).not.toHaveProperty('startColumn');
    expect(annotation).not.toHaveProperty('endColumn');
  });

  test('columns never run backwards', () => {
    const [annotation] = problemReport([{ ...PROBLEM, endColumn: 1 }]).output.annotations;

    expect(annotation).toMatchObject({ startColumn: 7, endColumn: 7 });
  });

  test('a problem of the whole file is called by its code', () => {
    const { path: _path, expected: _expected, instead: _instead, ...rest } = PROBLEM;
    const { output } = problemReport([{ ...rest, path: '' }]);

    expect(output.annotations[0]).toMatchObject({
      title: 'unknown-key',
      message: '`comands` is not known here',
    });
    expect(output.summary).toContain('| 3:7 |  | \\`comands\\` is not known here |');
  });

  test('annotates fifty problems and lists all', () => {
    const problems = Array.from({ length: 60 }, (_, index) => ({
      ...PROBLEM,
      line: index + 1,
      endLine: index + 1,
    }));
    const { output } = problemReport(problems);

    expect(output.title).toBe('.tekton-ci.yml has 60 problems');
    expect(output.annotations).toHaveLength(50);
    expect(output.summary.match(/^\| \d+:7 /gm)).toHaveLength(60);
  });

  test('fits, whatever is wrong', () => {
    const problems = Array.from({ length: 2000 }, () => ({ ...PROBLEM, path: 'é'.repeat(200) }));
    const { output } = problemReport(problems);

    expect(new TextEncoder().encode(output.summary).length).toBeLessThanOrEqual(65_535);
    expect(new TextEncoder().encode(output.annotations[0]?.title).length).toBeLessThanOrEqual(255);
  });

  test('keys from outside are not markup', () => {
    const parsed = parseConfig('"@octocat | <b>`x`": 1\n');

    const { summary } = problemReport(parsed.ok ? [] : parsed.problems).output;

    expect(summary.split('\n')).toHaveLength(5);
    expect(summary.replace(/(`+)[^`].*?\1/g, '')).not.toMatch(/@octocat|<b>/);
  });
});
