import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { annotationsOf, pathsOf } from '../../../src/core/report/annotations.ts';
import type { Finding, Place } from '../../../src/core/report/failures/finding.ts';
import { candidatePaths } from '../../../src/core/report/repository-paths.ts';
import { runCheck } from '../../../src/core/report/run-check.ts';
import { FACTS, failed } from './examples.ts';

function finding(place: Place | null, rest: Partial<Finding> = {}): Finding {
  return { kind: 'test', level: 'failure', name: 'TestA', message: 'no', place, line: 1, ...rest };
}

describe('where a tool may mean', () => {
  test.each<[string, Place, string, readonly string[]]>([
    ['below the project', { path: 'src/a.ts', line: 1 }, 'web', ['web/src/a.ts', 'src/a.ts']],
    ['of the repository itself', { path: './src/a.ts', line: 1 }, '.', ['src/a.ts']],
    ['on Windows', { path: 'src\\a.ts', line: 1 }, '.', ['src/a.ts']],
    ['above the project', { path: '../lib/a.ts', line: 1 }, 'web', ['lib/a.ts']],
    ['outside the repository', { path: '../../etc/passwd', line: 1 }, 'web', []],
    ['of git itself', { path: '.git/config', line: 1 }, '.', []],
    [
      'of a machine',
      { path: '/workspace/source/web/a.ts', line: 1 },
      'web',
      ['workspace/source/web/a.ts', 'source/web/a.ts', 'web/a.ts', 'a.ts'],
    ],
    [
      'in a package',
      { path: 'a_test.go', within: 'example.com/api/router', line: 1 },
      '.',
      ['example.com/api/router/a_test.go', 'api/router/a_test.go', 'router/a_test.go', 'a_test.go'],
    ],
  ])('a path %s', (_what, place, folder, expected) => {
    expect(candidatePaths(place, folder)).toEqual(expected);
  });

  test('is always a path inside the repository', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('.', 'web', 'a/b'), (path, folder) => {
        for (const candidate of candidatePaths({ path, line: 1 }, folder)) {
          expect(candidate).not.toMatch(/^\/|(^|\/)\.\.?(\/|$)|^\.git(\/|$)|^$/);
        }
      }),
    );
  });
});

describe('annotations', () => {
  const files = new Map([
    ['router/a_test.go', 20],
    ['a_test.go', 5],
  ]);
  const at = (place: Place, rest: Partial<Finding> = {}) =>
    annotationsOf([finding(place, rest)], { folder: '.', files });

  test('are of the first file that has the line', () => {
    const place = { path: 'a_test.go', within: 'example.com/router', line: 3, column: 2 };

    expect(at(place)).toEqual([
      {
        path: 'router/a_test.go',
        startLine: 3,
        endLine: 3,
        startColumn: 2,
        endColumn: 2,
        level: 'failure',
        title: 'TestA',
        message: 'no',
      },
    ]);
  });

  test.each<[string, Place]>([
    ['a file that is not there', { path: 'b_test.go', line: 1 }],
    ['a line that is not there', { path: 'a_test.go', line: 6 }],
    ['no line', { path: 'a_test.go', line: 0 }],
  ])('are not of %s', (_what, place) => {
    expect(at(place)).toEqual([]);
  });

  test('end within the file, without columns when they are of several lines', () => {
    expect(at({ path: 'a_test.go', line: 4, column: 2, endLine: 9 })).toMatchObject([
      { startLine: 4, endLine: 5 },
    ]);
    expect(at({ path: 'a_test.go', line: 4, column: 2, endLine: 9 })[0]).not.toHaveProperty('startColumn');
  });

  test('say a thing once, failures first, 150 at most', () => {
    const same = finding({ path: 'a_test.go', line: 1 });
    const warnings = Array.from({ length: 200 }, (_, index) =>
      finding({ path: 'a_test.go', line: 2 }, { level: 'warning', name: `W${index}` }),
    );

    const all = annotationsOf([...warnings, same, same], { folder: '.', files });

    expect(all).toHaveLength(149);
    expect(all[0]).toMatchObject({ level: 'failure', title: 'TestA' });
  });

  test('have a message also where the tool says nothing', () => {
    expect(at({ path: 'a_test.go', line: 1 }, { message: '' })).toMatchObject([{ message: 'TestA' }]);
  });

  test('are the first 150, and the check says of how many', () => {
    const findings = Array.from({ length: 160 }, (_, index) =>
      finding({ path: 'router/a_test.go', line: 1 }, { name: `Test${index}` }),
    );
    const annotations = annotationsOf(findings, { folder: '.', files });
    const summary = (facts: object) => runCheck({ ...FACTS, ...facts }, failed()).output.summary;
    const failure = { findings, lines: [], problems: [] };

    expect(annotations).toHaveLength(150);
    expect(summary({ failure, annotations })).toContain('The first 150 of 160 places are annotated.');
    expect(summary({ failure: { ...failure, findings: findings.slice(10) }, annotations })).not.toContain(
      'annotated',
    );
    expect(summary({ failure })).not.toContain('annotated');
  });

  test('ask only for paths of findings that have a place', () => {
    expect(pathsOf([finding(null), finding({ path: 'a.ts', line: 1 })], '.')).toEqual(['a.ts']);
  });
});
