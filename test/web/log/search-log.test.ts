import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MOST_HITS, searchLog } from '../../../src/web/log/search-log.ts';

describe('searching a log', () => {
  test.each([
    ['one\nTwo\ntwo three', 'TWO', [2, 3]],
    ['a \u001b[31mFA\u001b[0mIL\nfine', 'fail', [1]],
    ['\u001b[31m\n31m', '31m', [2]],
    ['1%\r100%', '1%', []],
    ['Übung\n', 'übung', [1]],
    ['', 'x', []],
  ])('%j has %j in lines %j', async (log, text, lines) => {
    expect(await search([Buffer.from(log)], text)).toEqual({ lines, more: false });
  });

  test('gives the first of many hits, and reads no further', async () => {
    let read = 0;
    const log = async function* () {
      for (; read < 1_000; read++) yield Buffer.from('hit\n'.repeat(100));
    };

    const found = await searchLog(log(), 'hit', new AbortController().signal);

    expect(found).toMatchObject({ more: true });
    expect(found.lines).toHaveLength(MOST_HITS);
    expect(found.lines.at(-1)).toBe(MOST_HITS);
    expect(read).toBeLessThan(20);
  });

  test('ends when the reader has left', async () => {
    const left = new AbortController();
    let read = 0;
    const log = async function* () {
      for (; ; read++) {
        if (read === 3) left.abort();
        yield Buffer.from('nothing\n');
      }
    };

    expect(await searchLog(log(), 'x', left.signal)).toEqual({ lines: [], more: true });
  });

  test('finds the same however the bytes come', async () => {
    const line = fc.constantFrom('Needle', 'hay', '', 'née dle', '\u001b[1mneedle');
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        const bytes = Buffer.from(lines.join('\n'));
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
        const expected = lines.flatMap((text, index) => (/needle/i.test(text) ? [index + 1] : []));

        expect(await search(pieces, 'needle')).toEqual({ lines: expected, more: false });
      }),
    );
  });
});

async function search(pieces: readonly Buffer[], text: string) {
  const log = async function* () {
    yield* pieces;
  };
  return searchLog(log(), text, new AbortController().signal);
}
