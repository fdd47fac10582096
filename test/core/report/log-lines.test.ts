import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLineReader } from '../../../src/core/report/log-lines.ts';

function lines(...pieces: readonly string[]): string[] {
  const read: string[] = [];
  const reader = createLineReader({ longest: 400 }, (line) => read.push(line));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return read;
}

describe('the lines of a log', () => {
  test.each([
    ['of an empty one', '', []],
    ['of a short one', 'one\ntwo\n', ['one', 'two']],
    ['without a last newline', 'one\ntwo', ['one', 'two']],
    ['with empty ones', 'one\n\ntwo\n', ['one', '', 'two']],
    ['without colours', '\u001B[1;31mred\u001B[0m \u001B[38;5;12mblue\u001B[m\n', ['red blue']],
    ['without cursor movements', '\u001B[2K\u001B[1Adone\n', ['done']],
    [
      'without links and titles',
      '\u001B]8;;https://a.test\u0007here\u001B]8;;\u001B\\!\u001B]0;title\u0007\n',
      ['here!'],
    ],
    ['without character sets', '\u001B(Bplain\u001B=\n', ['plain']],
    ['with tabs, without other control characters', 'a\tb\u0000\u0008\u007F\u0085c\n', ['a\tbc']],
    ['with Windows line ends', 'one\r\ntwo\r\n', ['one', 'two']],
    ['of a progress bar: its last state', '10 %\r50 %\r100 %\ndone\n', ['100 %', 'done']],
    ['of one that was returned on but not overwritten', 'kept\r\u001B[0m\n', ['kept']],
    ['of an escape sequence that never ends: the next one is whole', 'a\u001B]8;;x\nb\n', ['a', 'b']],
    ['of a sequence inside a sequence', '\u001B[3\u001B[31mred\n', ['red']],
  ])('%s', (_name, log, expected) => {
    expect(lines(log)).toEqual(expected);
  });

  test('are shortened, never in the middle of a character', () => {
    expect(lines(`${'x'.repeat(400)}\n`)).toEqual(['x'.repeat(400)]);
    expect(lines('x'.repeat(1000), 'y'.repeat(1000), '\nz')).toEqual([`${'x'.repeat(400)}…`, 'z']);
    expect(lines(`${'x'.repeat(399)}😀😀`)).toEqual([`${'x'.repeat(399)}…`]);
  });

  test('of a long progress bar are its last state', () => {
    const states = Array.from({ length: 5000 }, (_, index) => `step ${index}\r`);

    expect(lines(...states, 'finished\n')).toEqual(['finished']);
  });

  test('are the same however the log is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\u001B[31m', '\u001B]8;;u\u0007', '\u001B', '\u001B(B', '😀'),
      fc.string(),
      fc.constant('x'.repeat(390)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.array(fc.nat({ max: 40 })), (pieces, lengths) => {
        const log = pieces.join('');
        expect(lines(...cut(log, lengths))).toEqual(lines(log));
        expect(lines(...log)).toEqual(lines(log));
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
