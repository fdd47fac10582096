import { describe, expect, test } from '@jest/globals';
import { formatDuration } from '../../../src/web/page/time.ts';

describe('formatDuration', () => {
  test.each([
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [449, '0.4 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 m 00 s'],
    [65_000, '1 m 05 s'],
    [3_599_500, '1 h 00 m'],
    [7_620_000, '2 h 07 m'],
    [200_000_000, '55 h 33 m'],
  ])('%p ms is %p', (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });
});
