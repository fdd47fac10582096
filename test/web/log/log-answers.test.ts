import { describe, expect, test } from '@jest/globals';
import { createLogAnswers } from '../../../src/web/log/log-answers.ts';

describe('answers about logs', () => {
  test('are found once for all who ask for the same of the same log', async () => {
    const answers = createLogAnswers<number>(10);
    let found = 0;
    const find = async () => ++found;

    const answered = await Promise.all([1, 2, 3].map(() => answers.shared('a', 10, find)));

    expect(answered).toEqual([1, 1, 1]);
    expect(await answers.shared('b', 10, find)).toBe(2);
  });

  test('are found anew when the log has grown, and when nobody knows', async () => {
    const answers = createLogAnswers<number>(10);
    let found = 0;
    const find = async () => ++found;

    expect(await answers.shared('a', 10, find)).toBe(1);
    expect(await answers.shared('a', 11, find)).toBe(2);
    expect(await answers.shared('a', null, find)).toBe(3);
    expect(await answers.shared('a', null, find)).toBe(4);
  });

  test('that failed are not kept', async () => {
    const answers = createLogAnswers<number>(10);

    await expect(answers.shared('a', 10, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk');

    expect(await answers.shared('a', 10, async () => 1)).toBe(1);
  });
});
