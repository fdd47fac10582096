import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogScan } from '../../../src/web/log/scan-log.ts';
import type { WireGroup } from '../../../src/web/wire.ts';

interface Rows {
  readonly count: number;
  at(row: number): { line: number; depth: number; group: WireGroup | null } | null;
  rowOf(line: number): number;
  around(line: number): WireGroup[];
}

const path: string = '../../../src/web/browser/rows.js';
const { makeRows } = (await import(path)) as {
  makeRows(lines: number, groups: readonly WireGroup[], folded: ReadonlySet<number>): Rows;
};

const group = (from: number, to: number | null): WireGroup => ({
  from,
  to,
  title: 'x',
  startedAt: null,
  endedAt: null,
});

describe('rows of a log', () => {
  test('without groups are its lines', () => {
    expect(drawn(makeRows(3, [], new Set()))).toEqual([1, 2, 3]);
    expect(makeRows(0, [], new Set()).count).toBe(0);
  });

  test('leave out the last line of a group, and all but the first of a folded one', () => {
    const groups = [group(2, 5), group(7, null)];

    expect(drawn(makeRows(9, groups, new Set()))).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(drawn(makeRows(9, groups, new Set([2])))).toEqual([1, 2, 6, 7, 8, 9]);
    expect(drawn(makeRows(9, groups, new Set([2, 7])))).toEqual([1, 2, 6, 7]);
  });

  test('of groups in a folded group are hidden, folded or not', () => {
    const groups = [group(1, 9), group(3, 5), group(6, 8)];

    expect(drawn(makeRows(10, groups, new Set([1])))).toEqual([1, 10]);
    expect(drawn(makeRows(10, groups, new Set([1, 3])))).toEqual([1, 10]);
    expect(drawn(makeRows(10, groups, new Set([3])))).toEqual([1, 2, 3, 6, 7, 10]);
  });

  test('know how deep they are, and what a line is in', () => {
    const rows = makeRows(10, [group(1, 9), group(3, 5)], new Set([3]));

    expect([0, 1, 2].map((row) => rows.at(row)?.depth)).toEqual([0, 1, 1]);
    expect(rows.around(4).map(({ from }) => from)).toEqual([1, 3]);
    expect(rows.around(3).map(({ from }) => from)).toEqual([1]);
    expect(rows.rowOf(4)).toBe(2);
    expect(rows.at(99)).toBeNull();
  });

  test('lead from a row to its line and back, whatever the groups', () => {
    const line = fc.constantFrom('::group::x', '::endgroup::', 'text');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.func(fc.boolean()), (log, isFolded) => {
        const scan = createLogScan();
        scan.push(Buffer.from(log.map((text) => `${text}\n`).join('')));
        const groups = scan.groups.map(({ from, to }) => group(from, to));
        const folded = new Set(groups.map(({ from }) => from).filter((from) => isFolded(from)));
        const rows = makeRows(log.length, groups, folded);
        const lines = drawn(rows);

        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        expect(new Set(lines).size).toBe(lines.length);
        expect(lines.map((number) => rows.rowOf(number))).toEqual(lines.map((_, row) => row));
        const hidden = (number: number) =>
          groups.some(
            ({ from, to }) =>
              to === number || (folded.has(from) && rows.around(number).some((g) => g.from === from)),
          );
        const shown = log.map((_, index) => index + 1).filter((number) => !hidden(number));
        expect(lines).toEqual(shown);
      }),
    );
  });
});

function drawn(rows: Rows): number[] {
  return Array.from({ length: rows.count }, (_, row) => rows.at(row)!.line);
}
