import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

const MOST = 10_000;

export const COUNT = `a number from 1 to ${MOST}`;
export const COUNT_HINTS = { type: ['integer', 'string'], minimum: 1, maximum: MOST, pattern: '^\\d+$' };

export function readCount(text: string): Reading<number> {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= MOST
    ? accept(number)
    : refuse('bad-value', `${quoted(text)} is not ${COUNT}`);
}
