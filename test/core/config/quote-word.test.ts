import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoteWord } from '../../../src/core/config/quote-word.ts';
import { anyText } from '../../any-text.ts';

const HOSTILE = [
  '',
  ' ',
  '$(touch /pwned)',
  '`id`',
  "it's",
  "'",
  "''\\''",
  '"; rm -rf / #',
  'a\nb',
  '\n',
  '\\',
  '!!',
  '*',
  '~',
  '-n',
  '$HOME',
  `\${IFS}`,
  '&& true',
  'é😀',
  '\u001b[31m',
  '=',
  '{a,b}',
];

describe('quoteWord', () => {
  test('A real shell reads every hostile word back as it was', () => {
    expect(readByShell(HOSTILE)).toEqual(HOSTILE);
  });

  test('A real shell reads any words back as they were', () => {
    const word = anyText({ maxLength: 20 }).map((text) => text.replaceAll('\0', '').toWellFormed());

    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 60 }), (words) => {
        expect(readByShell(words)).toEqual(words);
      }),
      { numRuns: 25 },
    );
  });

  test('Plain words stay plain', () => {
    expect(['./...', '-race', 'bin/linux/api', '--output=a'].map(quoteWord).join(' ')).toBe(
      './... -race bin/linux/api --output=a',
    );
  });
});

function readByShell(words: readonly string[]): string[] {
  const script = `for word in ${words.map(quoteWord).join(' ')}; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
}
