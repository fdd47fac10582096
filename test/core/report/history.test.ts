import { describe, expect, test } from '@jest/globals';
import { historyText, type PastRun } from '../../../src/core/report/history.ts';

function run(letter: string, rest: Partial<PastRun> = {}): PastRun {
  return { sha: letter.repeat(40), isGreen: true, seconds: 60, failed: [], ...rest };
}

const red = (letter: string, ...failed: readonly string[]) => run(letter, { isGreen: false, failed });

describe('what changed since the run before', () => {
  test.each<[string, PastRun, readonly PastRun[], string]>([
    ['the first of its branch', red('b', 'TestA'), [], ''],
    ['a test that fails now', red('b', 'TestA'), [run('a')], 'Newly failing since aaaaaaa: TestA'],
    [
      'one that fails and one that does not any more',
      red('b', 'TestB'),
      [red('a', 'TestA')],
      'Newly failing since aaaaaaa: TestB\n\nFixed since aaaaaaa: TestA',
    ],
    ['a test that goes on failing', red('b', 'TestA'), [red('a', 'TestA')], ''],
    ['green after red', run('b'), [red('a', 'TestA', 'TestB')], 'Fixed since aaaaaaa: TestA, TestB'],
    ['red for another reason than tests', red('b'), [red('a', 'TestA')], ''],
    ['tests after red for another reason', red('b', 'TestA'), [red('a')], ''],
    [
      'green after red for another reason after tests',
      run('d'),
      [red('c'), red('b', 'TestB'), run('a'), red('9', 'Test9')],
      'Fixed since ccccccc: TestB',
    ],
    [
      'red for long',
      red('d', 'TestA', 'TestB'),
      [red('c', 'TestB'), red('b', 'TestB'), run('a'), run('9')],
      'Newly failing since ccccccc: TestA\n\nLast green: aaaaaaa, 3 runs ago; red since bbbbbbb',
    ],
    ['red for another reason after green', red('b'), [run('a')], 'Last green: aaaaaaa, the run before'],
    ['red as long as anybody knows', red('c'), [red('b'), red('a')], ''],
    ['another attempt', run('a'), [red('a', 'TestA')], 'Fixed since the attempt before: TestA'],
    [
      'names of a stranger',
      red('b', '@team <b>'),
      [run('a')],
      'Newly failing since aaaaaaa: &#64;team &#60;b&#62;',
    ],
    [
      'many',
      red('b', 'A', 'B', 'C', 'D', 'E', 'F', 'G'),
      [run('a')],
      'Newly failing since aaaaaaa: A, B, C, D, E, and 2 more',
    ],
  ])('of %s', (_what, now, before, expected) => {
    expect(historyText(now, before)).toBe(expected);
  });

  const past = (...seconds: readonly number[]) => seconds.map((one) => run('a', { seconds: one }));

  test.each<[string, PastRun, readonly PastRun[], string]>([
    [
      'much longer',
      run('b', { seconds: 90 }),
      past(60, 50, 70),
      'Took 1 min 30 s, 50 % longer than usual (1 min 0 s, the median of the last 3)',
    ],
    [
      'much shorter',
      run('b', { seconds: 30 }),
      past(60, 40, 80, 60),
      'Took 30 s, 50 % shorter than usual (1 min 0 s, the median of the last 4)',
    ],
    ['about as usual', run('b', { seconds: 70 }), past(60, 50, 70), ''],
    ['a few seconds', run('b', { seconds: 5 }), past(2, 2, 2), ''],
    ['too few to tell', run('b', { seconds: 90 }), past(60, 60), ''],
    [
      'a red one',
      run('b', { seconds: 90, isGreen: false }),
      past(60, 60, 60),
      'Last green: aaaaaaa, the run before',
    ],
    ['nothing started', run('b', { seconds: null }), past(60, 60, 60), ''],
  ])('in time: %s', (_what, now, before, expected) => {
    expect(historyText(now, before)).toBe(expected);
  });

  test('in time: of the last ten only', () => {
    const before = [...past(...Array(10).fill(100)), ...past(...Array(50).fill(10))];

    expect(historyText(run('b', { seconds: 100 }), before)).toBe('');
  });
});
