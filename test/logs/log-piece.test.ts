import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinPieces, type LogPiece, MOST_MARKS, pieceName, readPieceName } from '../../src/logs/log-piece.ts';

const mark = fc.record({
  line: fc.integer({ min: 1, max: 100_000_000 }),
  offset: fc.integer({ min: 0, max: 100_000_100 }),
  at: fc.date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true }),
});

const piece = fc.record({
  offset: fc.integer({ min: 0, max: 100_000_100 }),
  size: fc.integer({ min: 1, max: 100_000_100 }),
  marks: fc.array(mark, { maxLength: MOST_MARKS }),
});

describe('the name of a piece', () => {
  test('says all about it, whatever its marks are', () => {
    fc.assert(
      fc.property(piece, (given) => {
        const key = `logs/run/test.log/${pieceName(given)}`;
        expect(readPieceName(key)).toEqual({ key, ...given });
      }),
    );
  });

  test('fits in a file name although it has as many marks as it may', () => {
    const at = Date.UTC(2026, 10, 23);
    const marks = Array.from({ length: MOST_MARKS }, (_, index) => ({
      line: 10_000_000 + index * 65_536,
      offset: 90_000_000 + index * 65_536,
      at: new Date(at + index * 3_600_000),
    }));

    expect(pieceName({ offset: 90_000_000, size: 1_048_576, marks }).length).toBeLessThanOrEqual(255);
  });

  test.each(['.check', 'logs/run/test.log', 'logs/run/test.log/readme.txt', 'logs/run/test.log/1-2.log'])(
    '%s is none',
    (key) => {
      expect(readPieceName(key)).toBeNull();
    },
  );
});

describe('pieces', () => {
  const of = (offset: number, size: number): LogPiece => ({
    key: `${offset}-${size}`,
    offset,
    size,
    marks: [],
  });

  test.each([
    [
      'follow each other',
      [of(0, 5), of(5, 3)],
      [
        [0, 5],
        [0, 3],
      ],
      8,
      [],
    ],
    [
      'overlap',
      [of(0, 5), of(0, 9), of(5, 2), of(7, 4)],
      [
        [0, 5],
        [5, 4],
        [2, 2],
      ],
      11,
      [],
    ],
    ['end at a gap', [of(0, 5), of(6, 3), of(9, 1)], [[0, 5]], 5, ['6-3', '9-1']],
    ['are none', [], [], 0, []],
  ] as const)('that %s are joined', (_what, pieces, parts, bytes, left) => {
    const joined = joinPieces(pieces);

    expect(joined.parts.map(({ piece: { size }, skipped }) => [skipped, size - skipped])).toEqual(parts);
    expect(joined.bytes).toBe(bytes);
    expect(joined.left.map(({ key }) => key)).toEqual(left);
  });
});
