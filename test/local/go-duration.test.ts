import { expect, test } from '@jest/globals';
import { goDuration } from '../../src/core/pipeline/duration.ts';
import { parseGoDuration } from '../../src/local/go-duration.ts';

test.each([
  ['0', 0],
  ['0s', 0],
  ['90s', 90_000],
  ['1h0m0s', 3_600_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['300ms', 300],
  ['1m500ms', 60_500],
  ['2us', 0.002],
  ['720h', 2_592_000_000],
])('%s is %d milliseconds', (text, milliseconds) => {
  expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 6);
});

test.each(['', '1', 'h', '1x', '-1s', '1 h', '1h ', 'one hour', '1h30'])('%j is no duration', (text) => {
  expect(parseGoDuration(text)).toBeNull();
});

test('what the renderer writes is read back', () => {
  for (const seconds of [1, 59, 60, 3599, 3600, 5400, 86_399])
    expect(parseGoDuration(goDuration(seconds))).toBe(seconds * 1000);
});
