import { describe, expect, test } from '@jest/globals';
import { markBefore, markBytesBefore, timeOfLine } from '../../../src/web/log/find-mark.ts';

const MARKS = [
  { line: 1, offset: 0, at: new Date(1_000) },
  { line: 10, offset: 100, at: new Date(2_000) },
  { line: 30, offset: 300, at: new Date(3_000) },
];

describe('marks', () => {
  test.each([
    [1, 1, 1_000],
    [9, 1, 1_000],
    [10, 10, 2_000],
    [29, 10, 2_000],
    [900, 30, 3_000],
  ])('line %i is read from line %i, and was written at %i', (line, from, at) => {
    expect(markBefore(MARKS, line).line).toBe(from);
    expect(timeOfLine(MARKS, line)).toBe(at);
  });

  test('a log without marks is read from its beginning, and nobody knows when it was written', () => {
    expect(markBefore([], 7)).toEqual({ line: 1, offset: 0 });
    expect(markBytesBefore([], 7)).toEqual({ line: 1, offset: 0 });
    expect(timeOfLine([], 7)).toBeNull();
    expect(timeOfLine([{ line: 1, offset: 0, at: new Date(0) }], 7)).toBeNull();
  });

  test('so many bytes before the end there is a mark', () => {
    expect(markBytesBefore(MARKS, 150).line).toBe(10);
    expect(markBytesBefore(MARKS, 1_000).line).toBe(1);
  });
});
