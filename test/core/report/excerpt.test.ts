import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createExcerpt } from '../../../src/core/report/excerpt.ts';

function excerpt(...pieces: readonly string[]): string {
  const builder = createExcerpt();
  for (const piece of pieces) builder.push(piece);
  return builder.end();
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
}

describe('the excerpt of a log', () => {
  test.each([
    ['an empty one', '', ''],
    ['a short one', 'one\ntwo\n', 'one\ntwo'],
    ['one without a last newline', 'one\ntwo', 'one\ntwo'],
    ['empty lines stay', 'one\n\ntwo\n', 'one\n\ntwo'],
    [
      'groups become prompts',
      '::group::npm test\nok\n::endgroup::\nnot ::group::\n',
      '$ npm test\nok\nnot ::group::',
    ],
    ['colours go', '\u001B[1;31mred\u001B[0m \u001B[38;5;12mblue\u001B[m\n', 'red blue'],
    ['cursor movements go', '\u001B[2K\u001B[1Adone\n', 'done'],
    [
      'links and titles go',
      '\u001B]8;;https://a.test\u0007here\u001B]8;;\u001B\\!\u001B]0;title\u0007\n',
      'here!',
    ],
    ['character sets go', '\u001B(Bplain\u001B=\n', 'plain'],
    ['tabs stay, other control characters go', 'a\tb\u0000\u0008\u007F\u0085c\n', 'a\tbc'],
    ['Windows line ends', 'one\r\ntwo\r\n', 'one\ntwo'],
    ['a progress bar shows its last state', '10 %\r50 %\r100 %\ndone\n', '100 %\ndone'],
    ['a line that was returned on but not overwritten', 'kept\r\u001B[0m\n', 'kept'],
    ['an escape sequence that never ends costs its line only', 'a\u001B]8;;x\nb\n', 'a\nb'],
    ['a sequence inside a sequence', '\u001B[3\u001B[31mred\n', 'red'],
  ])('%s', (_name, log, expected) => {
    expect(excerpt(log)).toBe(expected);
  });

  test('of 35 lines is all of them', () => {
    expect(excerpt(numbered(1, 35).join('\n'))).toBe(numbered(1, 35).join('\n'));
  });

  test('of 36 lines leaves one out', () => {
    const expected = [...numbered(1, 10), '… 1 lines …', ...numbered(12, 36)].join('\n');

    expect(excerpt(`${numbered(1, 36).join('\n')}\n`)).toBe(expected);
  });

  test('of a long log is its beginning and its end', () => {
    const expected = [...numbered(1, 10), '… 9965 lines …', ...numbered(9976, 10_000)].join('\n');

    expect(excerpt(...numbered(1, 10_000).map((line) => `${line}\n`))).toBe(expected);
  });

  test('shortens a line of any length, and never cuts a character in two', () => {
    expect(excerpt(`${'x'.repeat(400)}\n`)).toBe('x'.repeat(400));
    expect(excerpt('x'.repeat(1000), 'y'.repeat(1000), '\nz')).toBe(`${'x'.repeat(400)}…\nz`);
    expect(excerpt(`${'x'.repeat(399)}😀😀`)).toBe(`${'x'.repeat(399)}…`);
  });

  test('a long progress bar on one line ends with its last state', () => {
    const states = Array.from({ length: 5000 }, (_, index) => `step ${index}\r`);

    expect(excerpt(...states, 'finished\n')).toBe('finished');
  });

  test('is the same however the log is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\u001B[31m',
        '\u001B]8;;u\u0007',
        '\u001B',
        '\u001B(B',
        '::group::',
        '::endgroup::\n',
        '😀',
      ),
      fc.string(),
      fc.constant('x'.repeat(390)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.array(fc.nat({ max: 40 })), (pieces, lengths) => {
        const log = pieces.join('');
        expect(excerpt(...cut(log, lengths))).toBe(excerpt(log));
        expect(excerpt(...log)).toBe(excerpt(log));
      }),
    );
  });
});

/** Between characters, as a decoder of streams cuts: never inside a pair of surrogates. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let rest = [...text];
  for (const length of lengths) {
    pieces.push(rest.slice(0, length).join(''));
    rest = rest.slice(length);
  }
  return [...pieces, rest.join('')];
}
