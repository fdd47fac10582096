import { describe, expect, test } from '@jest/globals';
import { createFailureReader } from '../../../../src/core/report/failures/read-failure.ts';

function read(...lines: readonly string[]) {
  const reader = createFailureReader();
  reader.push(lines.join('\n'));
  return reader.end();
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
}

describe('the last lines of a log', () => {
  test.each([
    ['of an empty log are none', [], []],
    ['of a log without commands are its own', ['one', '', '', 'two', ''], ['one', '', 'two']],
    [
      'are those of the command that failed, below it',
      [
        '::group::npm ci',
        'added 3',
        '::endgroup::',
        '::group::npm test',
        'no',
        '',
        'tekton-ci: command 2 of 2 failed with exit code 1',
      ],
      ['$ npm test', 'no'],
    ],
    [
      'leave out no group that the command prints itself',
      ['::group::make', '::group::inner', 'a', '::endgroup::', 'b'],
      ['$ make', 'a', 'b'],
    ],
    ['of 30 lines are all of them', numbered(1, 30), numbered(1, 30)],
    ['say how many are left out', numbered(1, 1000), ['… 970 lines …', ...numbered(971, 1000)]],
  ])('%s', (_name, log, expected) => {
    expect(read(...log).lines).toEqual(expected);
  });
});

describe('what tools say', () => {
  const FAILED = [
    '--- FAIL: TestRouter (0.00s)',
    '    router_test.go:12: got 404',
    'FAIL',
    'FAIL\tx/router\t0.1s',
    'FAIL',
  ];

  test('is no tool of its own where any program may say it', () => {
    expect(read('::group::make', 'error: nothing to deploy').findings).not.toMatchObject([
      { kind: 'compile' },
    ]);
    expect(read('::group::cargo build', 'error: no such command').findings).not.toEqual([]);
  });

  test('counts of the command that failed only', () => {
    const tolerated = ['::group::go test ./a || true', ...FAILED, '::endgroup::', '::group::./deploy', 'no'];

    expect(read(...tolerated).findings).toEqual([]);
    expect(read('::group::go test ./a', ...FAILED).findings).toMatchObject([{ name: 'TestRouter' }]);
  });
});
