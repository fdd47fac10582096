import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogScan, MOST_GROUPS } from '../../../src/web/log/scan-log.ts';

describe('scanning a log', () => {
  test('finds its groups by their first and last lines', () => {
    const scan = scanned('a\n::group::go vet\nok\n::endgroup::\n::group::go test\nFAIL\n');

    expect(scan.groups).toEqual([
      { from: 2, to: 4, title: 'go vet' },
      { from: 5, to: null, title: 'go test' },
    ]);
    expect(scan.extent()).toEqual({ lines: 6, bytes: 56, markers: 3 });
  });

  test('counts a line that has no end yet, whose marker does not count yet', () => {
    const scan = scanned('a\n::group::x');
    expect(scan.extent()).toMatchObject({ lines: 2, markers: 0 });

    scan.push(Buffer.from(' y\n'));

    expect(scan.groups).toEqual([{ from: 2, to: null, title: 'x y' }]);
    expect(scan.extent()).toMatchObject({ lines: 2, markers: 1 });
  });

  test('groups too deep in others, and ends of nothing, are lines like any other', () => {
    const scan = scanned(`::endgroup::\n${'::group::x\n'.repeat(6)}${'::endgroup::\n'.repeat(6)}`);

    expect(scan.groups.map(({ from, to }) => [from, to])).toEqual([
      [2, 13],
      [3, 12],
      [4, 11],
      [5, 10],
    ]);
  });

  test('a log of nothing but groups takes no more than so many', () => {
    expect(scanned('::group::\n::endgroup::\n'.repeat(50_000)).groups).toHaveLength(MOST_GROUPS);
  });

  test('titles are plain and short', () => {
    const [group] = scanned(`::group::\u001b[31m\u202ered${'x'.repeat(100_000)}\n`).groups;

    expect(group?.title).toMatch(/^\ufffdredx+$/);
    expect(group?.title.length).toBeLessThan(500);
  });

  test('is the same however the bytes come', () => {
    const line = fc.constantFrom('::group::a', '::endgroup::', 'text', '', ':', '::', '::group::é');
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), fc.boolean(), (lines, cuts, ended) => {
        const bytes = Buffer.from(lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
        const whole = scanned(bytes);
        const pieces = createLogScan();
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
          (a, b) => a - b,
        );
        for (const [index, end] of places.slice(1).entries()) pieces.push(bytes.subarray(places[index], end));

        expect(pieces.groups).toEqual(whole.groups);
        expect(pieces.extent()).toEqual(whole.extent());
      }),
    );
  });
});

function scanned(log: string | Buffer) {
  const scan = createLogScan();
  scan.push(Buffer.from(log));
  return scan;
}
