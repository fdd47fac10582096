import { describe, expect, test } from '@jest/globals';
import { skipMark } from '../../../src/core/plan/skip-mark.ts';

describe('a commit message asks for no checks', () => {
  test.each([
    ['docs: typo [skip ci]', '[skip ci]'],
    ['[ci skip] docs: typo', '[ci skip]'],
    ['docs: typo\n\nNothing to test.\n[Skip CI]', '[skip ci]'],
    ['docs: typo\n\n\nskip-checks: true', 'skip-checks: true'],
    ['docs: typo\r\n\r\nskip-checks:true\r\nSigned-off-by: A', 'skip-checks: true'],
    ['docs: typo\n\nSkip-Checks:  TRUE  ', 'skip-checks: true'],
    ['docs: typo', null],
    ['', null],
    ['skip ci', null],
    ['[skipci] [skip-ci]', null],
    ['docs: say what skip-checks: true does', null],
    ['docs: typo\n\nskip-checks: false', null],
    ['docs: typo\n\nskip-checks: truely', null],
  ])('%j: %j', (message, mark) => {
    expect(skipMark(message)).toBe(mark);
  });
});
