import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LogMark, markBytes, UNMARKED } from '../../src/core/log-marks.ts';

/** Marks of chunks, each so many milliseconds after the one before. */
function marksOf(chunks: readonly (readonly [text: string, afterMs: number])[]) {
  const marks: LogMark[] = [];
  let log = UNMARKED;
  let now = 0;
  for (const [text, afterMs] of chunks) {
    now += afterMs;
    const marked = markBytes(log, new TextEncoder().encode(text), new Date(now));
    log = marked.log;
    marks.push(...marked.marks);
  }
  return { log, marks };
}

const brief = (marks: readonly LogMark[]) =>
  marks.map(({ line, offset, at }) => [line, offset, at.getTime()]);

describe('marks of a log', () => {
  test('begin with its first line, and come with every second', () => {
    const { log, marks } = marksOf([
      ['one\n', 0],
      ['two\n', 500],
      ['three\nfour\n', 600],
      ['five', 10],
    ]);

    expect(brief(marks)).toEqual([
      [1, 0, 0],
      [3, 8, 1100],
    ]);
    expect(log).toMatchObject({ lines: 4, bytes: 23, atLineStart: false });
  });

  test('are of beginnings of lines only', () => {
    const { marks } = marksOf([
      ['half', 0],
      [' of it\nnext\n', 5000],
    ]);

    expect(brief(marks)).toEqual([
      [1, 0, 0],
      [2, 11, 5000],
    ]);
  });

  test('are no further apart than 64 KiB and a line', () => {
    const { marks } = marksOf([['x'.repeat(99).concat('\n').repeat(3000), 0]]);

    expect(marks.map(({ line }) => line)).toEqual([1, 657, 1313, 1969, 2625]);
  });

  test('tell where a line is, however the log comes', () => {
    const chunk = fc.tuple(
      fc.array(fc.constantFrom('a', 'é', '\n', 'x'.repeat(70_000))).map((parts) => parts.join('')),
      fc.nat(3000),
    );
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (chunks) => {
        const bytes = new TextEncoder().encode(chunks.map(([text]) => text).join(''));
        const { log, marks } = marksOf(chunks);
        const linesBefore = (offset: number) =>
          bytes.subarray(0, offset).filter((byte) => byte === 10).length;

        expect(log.bytes).toBe(bytes.length);
        expect(log.lines).toBe(linesBefore(bytes.length));
        for (const { line, offset } of marks) {
          expect(offset === 0 || bytes[offset - 1] === 10).toBe(true);
          expect(line).toBe(linesBefore(offset) + 1);
        }
      }),
      { numRuns: 50 },
    );
  });
});
